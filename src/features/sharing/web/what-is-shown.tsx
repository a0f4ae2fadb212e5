import { Switch } from '@base-ui/react/switch'
import { useTranslation } from 'react-i18next'
import { useInstanceAddons } from '../../admin/web/instance.ts'
import type { ShareLinkRow } from '../contract/index.ts'

export type Flags = Pick<
  ShareLinkRow,
  'share_map' | 'share_bookings' | 'share_packing' | 'share_budget' | 'share_collab'
>

export const USUAL_FLAGS: Flags = {
  share_map: true,
  share_bookings: true,
  share_packing: false,
  share_budget: false,
  share_collab: false,
}

/** Each part with the add-on without which there is none of it. */
const PARTS: readonly (readonly [keyof Flags, string | null])[] = [
  ['share_map', null],
  ['share_bookings', null],
  ['share_packing', 'packing'],
  ['share_budget', 'budget'],
  ['share_collab', null],
]

/** Which parts of the trip a link shows, each with what of it stays hidden. */
export function WhatIsShown({ flags, onChange }: { flags: Flags; onChange(flags: Flags): void }) {
  const { t } = useTranslation()
  const isOn = useInstanceAddons()
  return (
    <fieldset className="flex flex-col">
      <legend className="pb-1 font-medium text-sm">{t('sharing.shows')}</legend>
      {PARTS.filter(([, addon]) => addon === null || isOn(addon)).map(([part]) => (
        <div key={part} className="flex items-center gap-3 border-line border-b py-2.5 last:border-0">
          <div className="min-w-0 flex-1">
            <p id={part} className="font-medium">
              {t(`sharing.part.${part}`)}
            </p>
            <p className="text-ink-faint text-xs">{t(`sharing.note.${part}`)}</p>
          </div>
          <Switch.Root
            aria-labelledby={part}
            checked={flags[part]}
            onCheckedChange={(checked) => onChange({ ...flags, [part]: checked })}
            className="relative h-6 w-10 shrink-0 rounded-full border border-line-strong bg-sunken p-0.5 transition-colors duration-(--fast) before:absolute before:-inset-2 data-checked:border-pine data-checked:bg-pine"
          >
            <Switch.Thumb className="block size-4.5 rounded-full bg-line-strong transition-[translate,background-color] duration-(--fast) data-checked:translate-x-4 data-checked:bg-on-pine" />
          </Switch.Root>
        </div>
      ))}
    </fieldset>
  )
}
