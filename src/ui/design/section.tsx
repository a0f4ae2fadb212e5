import { type ReactNode, useId } from 'react'

interface Props {
  title: string
  note?: ReactNode
  action?: ReactNode
  children: ReactNode
}

/** A part of a settings page, with a note on its purpose. */
export function Section({ title, note, action, children }: Props) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id={id} className="title text-xl">
            {title}
          </h2>
          {note && <p className="mt-1 max-w-prose text-ink-soft">{note}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}
