import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { useQueries } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../identity/web/session.ts'
import { backdropClass } from '../../ui/design/popup.ts'
import { useRegistrations } from '../../ui/registration.ts'

interface Entry {
  readonly id: string
  readonly name: string
  readonly Icon: LucideIcon
  run(): void
}

/** Opens pages and runs common commands by typing. */
export function CommandPalette({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const { t } = useTranslation()
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Popup className="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-surface shadow-float outline-none transition-opacity duration-(--fast) data-ending-style:opacity-0 data-starting-style:opacity-0">
          <Dialog.Title className="sr-only">{t('palette.title')}</Dialog.Title>
          <Commands onDone={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function useEntries(): readonly Entry[] {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const { found: searches, commands } = useRegistrations()
  const answers = useQueries({ queries: searches.map(({ query }) => query) })
  return [
    ...answers
      .flatMap(({ data }) => data ?? [])
      .map(({ opens, ...entry }) => ({ ...entry, run: () => void navigate({ ...opens }) })),
    ...commands
      .filter(({ adminOnly }) => !adminOnly || me.role === 'admin')
      .map((command) => ({
        id: command.id,
        name: t(typeof command.label === 'string' ? command.label : command.label()),
        Icon: command.Icon,
        run: 'run' in command ? command.run : () => void navigate({ ...command.opens }),
      })),
  ]
}

function Commands({ onDone }: { onDone(): void }) {
  const { t } = useTranslation()
  const entries = useEntries()
  return (
    <Autocomplete.Root
      inline
      open
      items={entries}
      itemToStringValue={({ name }: Entry) => name}
      autoHighlight="always"
      keepHighlight
    >
      <Autocomplete.Input
        aria-label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        className="h-14 w-full border-line border-b bg-transparent px-5 text-lg outline-none"
      />
      <Autocomplete.List aria-label={t('palette.title')} className="max-h-80 overflow-y-auto p-1.5">
        {(entry: Entry) => (
          <Autocomplete.Item
            key={entry.id}
            value={entry}
            onClick={() => {
              onDone()
              entry.run()
            }}
            className="flex h-11 cursor-default items-center gap-3 rounded-md px-3.5 outline-none data-highlighted:bg-hover"
          >
            <span aria-hidden="true" className="text-ink-faint">
              <entry.Icon size={17} />
            </span>
            <span className="truncate">{entry.name}</span>
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
      <Autocomplete.Empty className="px-5 pb-5 text-ink-faint empty:p-0">{t('palette.nothing')}</Autocomplete.Empty>
    </Autocomplete.Root>
  )
}
