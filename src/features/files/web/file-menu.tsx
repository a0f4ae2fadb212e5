import { Download, MoreHorizontal, Pencil, Star, StarOff, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem, MenuLinkItem } from '../../../ui/design/menu.tsx'
import { HistoryItem } from '../../history/web/row-history.tsx'
import { TripFile, type TripFileRow } from '../contract/index.ts'
import { contentOf } from './addresses.ts'
import { useFileActions } from './file-actions.ts'

interface Props {
  file: TripFileRow
  may: { readonly edit: boolean; readonly remove: boolean }
  onEdit(): void
  className?: string
}

export function FileMenu({ file, may, onEdit, className }: Props) {
  const { t } = useTranslation()
  const { trash, star } = useFileActions()
  return (
    <Menu
      trigger={
        <IconButton
          label={t('files.menu', { name: file.name })}
          size="small"
          className={classes('shrink-0', className)}
        >
          <MoreHorizontal size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuLinkItem icon={<Download size={16} />} render={<a href={contentOf(file)} download={file.name} />}>
        {t('files.download')}
      </MenuLinkItem>
      {may.edit && (
        <>
          <MenuItem icon={file.starred ? <StarOff size={16} /> : <Star size={16} />} onSelect={() => void star(file)}>
            {t(file.starred ? 'files.unstar' : 'files.star')}
          </MenuItem>
          <MenuItem icon={<Pencil size={16} />} onSelect={onEdit}>
            {t('edit')}
          </MenuItem>
        </>
      )}
      <HistoryItem entity={TripFile} row={file.id} title={file.name} />
      {may.remove && (
        <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => void trash(file)}>
          {t('files.trash')}
        </MenuItem>
      )}
    </Menu>
  )
}
