import type { ReactNode } from 'react'

interface Props {
  id: string
  title: string
  count: number
  children: ReactNode
}

/** The heading of a part of the page, with a count and a button to add. */
export const SectionTitle = ({ id, title, count, children }: Props) => (
  <header className="mb-3 flex min-h-8 items-center gap-2.5">
    <h2 id={id} className="title text-xl">
      {title}
    </h2>
    {count > 0 && <span className="figures text-base text-ink-faint">{count}</span>}
    <div className="ml-auto">{children}</div>
  </header>
)
