import { Dialog } from '@base-ui/react/dialog'
import { useNavigate } from '@tanstack/react-router'
import { Globe, Luggage, Map as MapIcon, Plus, Settings2, Sparkles, SunMoon, UserRound } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { list_trips } from '../../features/trips/contract/index.ts'
import { useMe } from '../../identity/web/session.ts'
import { classes } from '../../ui/design/class-names.ts'
import { backdropClass } from '../../ui/design/popup.ts'
import { useRead } from '../../ui/query.ts'
import { setTheme, useDark } from '../../ui/theme.ts'

interface Command {
  readonly id: string
  readonly label: string
  readonly icon: ReactNode
  run(): void
}

/** Goes anywhere and does the usual things by typing; Ctrl K opens it. */
export function CommandPalette() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      setOpen((before) => !before)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Popup className="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-surface shadow-float outline-none transition-opacity duration-(--fast) data-ending-style:opacity-0 data-starting-style:opacity-0">
          <Dialog.Title className="sr-only">{t('palette.title')}</Dialog.Title>
          <Commands onDone={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function useCommands(): Command[] {
  const { t } = useTranslation()
  const me = useMe()
  const dark = useDark()
  const navigate = useNavigate()
  const { data } = useRead(list_trips, { include_archived: true })
  const trips = (data?.trips ?? []).map((trip) => ({
    id: `trip:${trip.id}`,
    label: trip.title,
    icon: <MapIcon size={17} />,
    run: () => void navigate({ to: '/trips/$tripId', params: { tripId: String(trip.id) } }),
  }))
  return [
    ...trips,
    {
      id: 'create',
      label: t('trips.new'),
      icon: <Plus size={17} />,
      run: () => void navigate({ to: '/', search: { create: true } }),
    },
    { id: 'trips', label: t('trips.title'), icon: <Luggage size={17} />, run: () => void navigate({ to: '/' }) },
    { id: 'atlas', label: t('atlas.title'), icon: <Globe size={17} />, run: () => void navigate({ to: '/atlas' }) },
    {
      id: 'settings',
      label: t('settings.title'),
      icon: <UserRound size={17} />,
      run: () => void navigate({ to: '/settings' }),
    },
    {
      id: 'assistants',
      label: t('settings.connectAssistant'),
      icon: <Sparkles size={17} />,
      run: () => void navigate({ to: '/settings', search: { tab: 'integrations' } }),
    },
    ...(me.role === 'admin'
      ? [
          {
            id: 'admin',
            label: t('admin.title'),
            icon: <Settings2 size={17} />,
            run: () => void navigate({ to: '/admin' }),
          },
        ]
      : []),
    {
      id: 'theme',
      label: dark ? t('palette.light') : t('palette.dark'),
      icon: <SunMoon size={17} />,
      run: () => setTheme(dark ? 'light' : 'dark'),
    },
  ]
}

function Commands({ onDone }: { onDone(): void }) {
  const { t } = useTranslation()
  const list = useId()
  const commands = useCommands()
  const [search, setSearch] = useState('')
  const [at, setAt] = useState(0)
  const sought = search.trim().toLocaleLowerCase()
  const found = commands.filter(({ label }) => label.toLocaleLowerCase().includes(sought))
  const chosen = found[Math.min(at, found.length - 1)]

  function run(command: Command | undefined) {
    if (!command) return
    onDone()
    command.run()
  }

  function keys(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter') run(chosen)
    else if (step && found.length) setAt((Math.min(at, found.length - 1) + step + found.length) % found.length)
    else return
    event.preventDefault()
  }

  return (
    <>
      <input
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={chosen && `${list}-${chosen.id}`}
        aria-label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        value={search}
        onKeyDown={keys}
        onChange={(event) => {
          setSearch(event.target.value)
          setAt(0)
        }}
        className="h-14 w-full border-line border-b bg-transparent px-5 text-lg outline-none"
      />
      <div id={list} role="listbox" aria-label={t('palette.title')} className="max-h-80 overflow-y-auto p-1.5">
        {found.map((command) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above hears the keys
          <div
            key={command.id}
            id={`${list}-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={command === chosen}
            onClick={() => run(command)}
            onMouseMove={() => setAt(found.indexOf(command))}
            className={classes(
              'flex h-11 cursor-default items-center gap-3 rounded-md px-3.5',
              command === chosen && 'bg-hover',
            )}
          >
            <span aria-hidden="true" className="text-ink-faint">
              {command.icon}
            </span>
            <span className="truncate">{command.label}</span>
          </div>
        ))}
      </div>
      {!found.length && <p className="px-5 pb-5 text-ink-faint">{t('palette.nothing')}</p>}
    </>
  )
}
