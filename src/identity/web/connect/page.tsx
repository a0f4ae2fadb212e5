import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { buttonClass } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { Contours } from '../../../ui/design/contours.tsx'
import { PageTitle } from '../../../ui/design/page-title.tsx'
import { Wordmark } from '../../../ui/design/wordmark.tsx'

/** A page between a program and a person: one sheet, without the bars of the app. */
export function ConnectPage({ wide, busy, children }: { wide?: boolean; busy?: boolean; children: ReactNode }) {
  return (
    <div className="relative flex min-h-dvh flex-col">
      <div
        className="absolute inset-x-0 top-0 h-52 overflow-hidden bg-pine-soft will-change-transform sm:h-64"
        aria-hidden="true"
      >
        <Contours seed={41} className="absolute inset-0 size-full text-pine-ink opacity-30" />
      </div>
      <header className="relative px-4 pt-5 pb-5 sm:px-6 sm:pt-8 sm:pb-8">
        <div className={classes('mx-auto', wide ? 'max-w-4xl' : 'max-w-xl')}>
          <span className="inline-flex rounded-full bg-paper/90 py-1.5 pr-4 pl-3">
            <Wordmark />
          </span>
        </div>
      </header>
      <main className="relative px-3 pb-6 sm:px-6 sm:pb-16" aria-busy={busy}>
        <div
          className={classes(
            'mx-auto rounded-xl border border-line bg-surface shadow-lift',
            wide ? 'max-w-4xl' : 'max-w-xl',
          )}
        >
          {children}
        </div>
      </main>
    </div>
  )
}

/** The content of a page without a choice. */
export function Said({ mark, title, children }: { mark: ReactNode; title: string; children: ReactNode }) {
  return (
    <div role="status" className="flex flex-col items-center gap-3 px-6 py-12 text-center sm:px-12 sm:py-16">
      <PageTitle of={[title]} />
      {mark}
      <h1 className="title wrap-anywhere mt-2 text-2xl">{title}</h1>
      <div className="wrap-anywhere flex max-w-md flex-col gap-3 text-ink-soft text-lg">{children}</div>
    </div>
  )
}

/** The way out of a page where nothing is left to do. */
export function ToTrips() {
  const { t } = useTranslation()
  return (
    <Link to="/" className={classes(buttonClass('quiet'), 'mt-3 self-center')}>
      {t('missing.back')}
    </Link>
  )
}
