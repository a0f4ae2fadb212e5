import { CircleX, Info, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './class-names.ts'

const TONES = {
  /** For information; nothing is wrong. */
  info: { Icon: Info, box: 'border-line bg-sunken', mark: 'text-ink-soft', text: 'text-ink-soft', title: 'text-ink' },
  /** It works, but somebody should have a look. */
  caution: {
    Icon: TriangleAlert,
    box: 'border-line border-l-4 border-l-glow bg-surface',
    mark: 'text-(--hue-other)',
    text: '',
    title: '',
  },
  /** A danger, or the reason why something is not possible. */
  warning: {
    Icon: TriangleAlert,
    box: 'border-transparent bg-signal-soft',
    mark: 'text-signal-ink',
    text: 'text-signal-ink',
    title: 'text-signal-ink',
  },
  /** Something has failed. */
  failure: {
    Icon: CircleX,
    box: 'border-signal bg-signal-soft',
    mark: 'text-signal-ink',
    text: '',
    title: 'text-signal-ink',
  },
}

interface Props {
  tone: keyof typeof TONES
  title?: string
  /** Instead of the icon of the tone. */
  icon?: LucideIcon
  /** A button or a link; on the right if there is room. */
  action?: ReactNode
  /** Whether screen readers interrupt for it, since it appears without having been asked for. */
  urgent?: boolean
  children?: ReactNode
}

/** Something to know, in its place on the page. What passes by is a toast; an error of a form is `Trouble`. */
export function Notice({ tone, title, icon, action, urgent, children }: Props) {
  const { Icon: usual, box, mark, text, title: heading } = TONES[tone]
  const Icon = icon ?? usual
  return (
    <div
      {...(urgent && { role: 'alert' })}
      className={classes('flex flex-wrap items-center gap-3 rounded-md border px-4 py-3', box)}
    >
      <div className="flex min-w-0 flex-1 basis-64 gap-3">
        <Icon size={18} aria-hidden="true" className={classes('mt-px shrink-0', mark)} />
        <div className={classes('wrap-anywhere flex min-w-0 flex-1 flex-col gap-1', text)}>
          {title && <p className={classes('font-semibold', heading)}>{title}</p>}
          {typeof children === 'string' ? <p>{children}</p> : children}
        </div>
      </div>
      {action}
    </div>
  )
}
