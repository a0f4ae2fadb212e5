import { Switch } from '@base-ui/react/switch'
import { useTranslation } from 'react-i18next'
import { CallError, call } from '../../../web/call.ts'
import { ErrorState, Skeleton } from '../../../web/design/states.tsx'
import { tellTrouble } from '../../../web/design/toast.tsx'
import { forget, useRead } from '../../../web/query.ts'
import { get_instance, list_addons, update_addon } from '../contract.ts'

export function Addons() {
  const { t } = useTranslation()
  const addons = useRead(list_addons, {})

  async function turn(name: string, enabled: boolean) {
    try {
      await call(update_addon, { name, enabled })
    } catch (error) {
      tellTrouble(error instanceof CallError ? error.message : t('error.unexpected'))
    }
    await forget(list_addons, get_instance)
  }

  if (addons.isPending) return <Skeleton className="h-64" />
  if (addons.isError) return <ErrorState error={addons.error} onRetry={() => void addons.refetch()} />
  return (
    <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
      {addons.data.addons.map(({ name, title, description, enabled }) => (
        <li key={name} className="flex items-center gap-4 px-4 py-3.5">
          <div className="min-w-0 flex-1">
            <p id={`addon-${name}`} className="font-medium">
              {title}
            </p>
            <p className="text-ink-soft text-sm">{description}</p>
          </div>
          <Switch.Root
            aria-labelledby={`addon-${name}`}
            checked={enabled}
            onCheckedChange={(next) => void turn(name, next)}
            className="flex h-6 w-10 shrink-0 rounded-full border border-line-strong bg-hover p-0.5 transition-colors duration-(--fast) data-checked:border-pine data-checked:bg-pine"
          >
            <Switch.Thumb className="size-4.5 rounded-full bg-ink-soft transition-[translate,background-color] duration-(--fast) data-checked:translate-x-4 data-checked:bg-on-pine" />
          </Switch.Root>
        </li>
      ))}
    </ul>
  )
}
