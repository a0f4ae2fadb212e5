import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/design/dialog.tsx'
import { COMMAND, isWriting } from './keys.ts'

const SHORTCUTS = [
  { keys: [COMMAND, 'K'], what: 'shortcuts.palette' },
  { keys: ['?'], what: 'shortcuts.list' },
  { keys: ['Space'], what: 'shortcuts.lift' },
  { keys: ['↑', '↓'], what: 'shortcuts.carry' },
  { keys: ['Esc'], what: 'shortcuts.cancel' },
  { keys: ['←', '→'], what: 'shortcuts.panes' },
] as const

/** The list of keyboard shortcuts; `?` opens it. */
export function Shortcuts() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === '?' && !isWriting(event)) setOpen(true)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
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
