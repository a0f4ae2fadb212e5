import { Switch } from '@base-ui/react/switch'
import { useTranslation } from 'react-i18next'
import { useInstanceAddons } from '../../admin/web/instance.ts'
import type { ShareOptionName } from '../contract/index.ts'
import { OPTIONS } from '../contract/shared.generated.ts'
import type { ShareOption } from '../contract/shared-section.ts'

export type Flags = Record<ShareOptionName, boolean>

const PARTS: readonly ShareOption[] = Object.values(OPTIONS)

const flagsBy = (isOn: (option: ShareOption) => boolean) =>
  Object.fromEntries(PARTS.map((option) => [option.name, isOn(option)])) as Flags

export const USUAL_FLAGS = flagsBy(({ usual }) => usual)

export const flagsOf = (link: Flags): Flags => flagsBy(({ name }) => link[name as ShareOptionName])

/** The parts of the trip that a link shows, each with a note about what stays hidden. */
export function WhatIsShown({ flags, onChange }: { flags: Flags; onChange(clicked: Partial<Flags>): void }) {
  const { t } = useTranslation()
  const isOn = useInstanceAddons()
  return (
    <fieldset className="flex flex-col">
      <legend className="pb-1 font-medium text-sm">{t('sharing.shows')}</legend>
      {PARTS.filter(({ addon }) => !addon || isOn(addon.name)).map(({ name }) => (
        <div key={name} className="flex items-center gap-3 border-line border-b py-2.5 last:border-0">
          <div className="min-w-0 flex-1">
            <p id={name} className="font-medium">
              {t(`sharing.part.${name}`)}
            </p>
            <p className="text-ink-faint text-xs">{t(`sharing.note.${name}`)}</p>
          </div>
          <Switch.Root
            aria-labelledby={name}
            checked={flags[name as ShareOptionName]}
            onCheckedChange={(checked) => onChange({ [name]: checked })}
            className="relative h-6 w-10 shrink-0 rounded-full border border-line-strong bg-sunken p-0.5 transition-colors duration-(--fast) before:absolute before:-inset-2 data-checked:border-pine data-checked:bg-pine"
          >
            <Switch.Thumb className="block size-4.5 rounded-full bg-line-strong transition-[translate,background-color] duration-(--fast) data-checked:translate-x-4 data-checked:bg-on-pine" />
          </Switch.Root>
        </div>
      ))}
    </fieldset>
  )
}
