import { Switch } from '@base-ui/react/switch'
import { Globe, type LucideIcon, Luggage, MessagesSquare, Puzzle, Sparkles, Wallet } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { classes } from '../../../ui/design/class-names.ts'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { titleOf } from '../../../ui/message.ts'
import { forget, useRead } from '../../../ui/query.ts'
import { get_instance, list_addons, update_addon } from '../contract/index.ts'

type Addon = Output<typeof list_addons>['addons'][number]

const ICONS: Record<string, LucideIcon> = {
  mcp: Sparkles,
  packing: Luggage,
  budget: Wallet,
  collab: MessagesSquare,
  atlas: Globe,
}

/** The optional parts of the product. */
export function Addons() {
  const { t } = useTranslation()
  const addons = useRead(list_addons, {})
  if (addons.isPending) return <Skeleton className="h-96" />
  if (addons.isError) return <ErrorState error={addons.error} onRetry={() => void addons.refetch()} />
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-soft">{t('admin.addonsNote')}</p>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {addons.data.addons.map((addon) => (
          <AddonLine key={addon.name} addon={addon} />
        ))}
      </ul>
    </div>
  )
}

function AddonLine({ addon }: { addon: Addon }) {
  const { t } = useTranslation()
  const act = useAct()
  const [requested, setRequested] = useState<boolean | null>(null)
  const { name } = addon
  const title = titleOf('addons', name, addon.title)
  const description = titleOf('addons', `${name}_about`, addon.description)
  const on = requested ?? addon.enabled
  const Icon = ICONS[name] ?? Puzzle
  const about = name === 'mcp' ? 'mcp' : 'other'

  async function turn(enabled: boolean, undoable = true) {
    setRequested(enabled)
    const undo = undoable ? { label: t('undo'), run: () => void turn(!enabled, false) } : undefined
    if (await act(update_addon, { name, enabled })) {
      tell(t(enabled ? 'admin.addonIsOn' : 'admin.addonIsOff', { title }), undo)
    }
    await forget(list_addons, get_instance)
    setRequested(null)
  }

  return (
    <li className="flex items-start gap-3.5 p-4">
      <span
        aria-hidden="true"
        className={classes(
          'flex size-10 shrink-0 items-center justify-center rounded-full transition-colors duration-(--fast)',
          on ? 'bg-pine-soft text-pine-ink' : 'bg-hover text-ink-faint',
        )}
      >
        <Icon size={18} />
      </span>
      <div className="min-w-0 flex-1">
        <h2 id={`addon-${name}`} className="font-semibold text-lg">
          {title}
        </h2>
        <p id={`addon-${name}-does`} className="text-ink-soft">
          {description}
        </p>
        <p id={`addon-${name}-if`} className="mt-1 text-ink-faint text-sm">
          {on ? t(`admin.addonWhenOn.${about}`) : t(`admin.addonWhenOff.${about}`)}
        </p>
      </div>
      <Switch.Root
        aria-labelledby={`addon-${name}`}
        aria-describedby={`addon-${name}-does addon-${name}-if`}
        checked={on}
        onCheckedChange={(next) => void turn(next)}
        className="relative mt-0.5 flex h-6 w-10 shrink-0 rounded-full border border-line-strong bg-hover p-0.5 transition-colors duration-(--fast) before:absolute before:-inset-2.5 data-checked:border-pine data-checked:bg-pine"
      >
        <Switch.Thumb className="size-4.5 rounded-full bg-ink-soft transition-[translate,background-color] duration-(--fast) data-checked:translate-x-4 data-checked:bg-on-pine" />
      </Switch.Root>
    </li>
  )
}
