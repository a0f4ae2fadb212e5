import { BAG_COLOURS, type PackingBagRow, type PackingItemRow } from '../contract/index.ts'
import { BagDialog } from './bag-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { SuggestionsDialog } from './suggestions-dialog.tsx'
import { TemplatesDialog } from './templates-dialog.tsx'

/** A dialog of the packing list that can be asked for. */
export type Ask = 'suggest' | 'paste' | 'templates' | 'bag'

interface Props {
  ask: Ask | null
  items: readonly PackingItemRow[]
  bags: readonly PackingBagRow[]
  onClose(): void
}

export const PackingDialogs = ({ ask, items, bags, onClose }: Props) => (
  <>
    <SuggestionsDialog items={items} open={ask === 'suggest'} onClose={onClose} />
    <ImportDialog open={ask === 'paste'} onClose={onClose} />
    <TemplatesDialog open={ask === 'templates'} onClose={onClose} />
    <BagDialog
      bag={null}
      color={BAG_COLOURS[bags.length % BAG_COLOURS.length]}
      open={ask === 'bag'}
      onClose={onClose}
    />
  </>
)
