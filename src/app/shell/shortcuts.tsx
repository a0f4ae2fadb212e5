import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/design/dialog.tsx'
import { later } from '../../ui/later.ts'
import { COMMAND, isWriting, useKeyPress } from './keys.ts'

/** Loaded behind the first page, which does not need it. */
const CommandPalette = later(() => import('./command-palette.tsx'), 'CommandPalette')

const SHORTCUTS = [
  { keys: [COMMAND, 'K'], what: 'shortcuts.palette' },
  { keys: ['?'], what: 'shortcuts.list' },
  { keys: ['Space'], what: 'shortcuts.lift' },
  { keys: ['↑', '↓'], what: 'shortcuts.carry' },
  { keys: ['Esc'], what: 'shortcuts.cancel' },
  { keys: ['←', '→'], what: 'shortcuts.panes' },
  { keys: [COMMAND, 'Z'], what: 'shortcuts.undo' },
  { keys: [COMMAND, 'Shift', 'Z'], what: 'shortcuts.redo' },
] as const

/** The list of keyboard shortcuts; `?` opens it. */
function ShortcutList() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  useKeyPress((event) => {
    if (event.key === '?' && !isWriting(event)) setOpen(true)
  })
  return (
    <Dialog open={open} onClose={() => setOpen(false)} title={t('shortcuts.title')}>
      <dl className="divide-y divide-line">
        {SHORTCUTS.map(({ keys, what }) => (
          <div key={what} className="flex items-center justify-between gap-6 py-2.5">
            <dt>{t(what)}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-7 rounded-sm border border-line-strong/60 bg-surface px-1.5 py-0.5 text-center font-medium font-sans text-sm"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}

/** What opens from any page by a key: the palette by Ctrl K, the list of shortcuts by `?`. */
export function Shortcuts() {
  const [searching, setSearching] = useState(false)
  useKeyPress((event) => {
    if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    setSearching((before) => !before)
  })
  return (
    <>
      <Suspense>
        <CommandPalette open={searching} onOpenChange={setSearching} />
      </Suspense>
      <ShortcutList />
    </>
  )
}
