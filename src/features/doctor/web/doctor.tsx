import { Stethoscope } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../../ui/call.ts'
import { Button } from '../../../ui/design/button.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { type Report, run_doctor } from '../contract/index.ts'
import { ReportView } from './report-view.tsx'

type Look = { at: 'start' } | { at: 'looking' } | { at: 'report'; report: Report } | { at: 'trouble'; error: unknown }

/** Shows the operator whether people and programs can connect. */
export function Doctor() {
  const { t } = useTranslation()
  const [look, setLook] = useState<Look>({ at: 'start' })

  async function check() {
    setLook({ at: 'looking' })
    try {
      const { report } = await call(run_doctor, { opened_at: location.origin, clock: new Date().toISOString() })
      setLook({ at: 'report', report })
    } catch (error) {
      setLook({ at: 'trouble', error })
    }
  }

  return (
    <section aria-labelledby="doctor-title" className="flex flex-col gap-6">
      <header className="flex flex-col items-start gap-4 sm:flex-row sm:justify-between sm:gap-6">
        <div>
          <h2 id="doctor-title" className="title text-2xl">
            {t('doctor.title')}
          </h2>
          <p className="mt-1.5 max-w-prose text-ink-soft">{t('doctor.intro')}</p>
        </div>
        <Button
          tone={look.at === 'report' ? 'quiet' : 'primary'}
          busy={look.at === 'looking'}
          icon={<Stethoscope size={17} aria-hidden="true" />}
          onClick={() => void check()}
          className="shrink-0"
        >
          {look.at === 'report' ? t('doctor.again') : t('doctor.check')}
        </Button>
      </header>
      <div aria-live="polite">
        {look.at === 'start' && (
          <div className="rounded-lg border border-line border-dashed">
            <EmptyState compact title={t('doctor.emptyTitle')}>
              {t('doctor.emptyBody')}
            </EmptyState>
          </div>
        )}
        {look.at === 'looking' && <Looking />}
        {look.at === 'report' && <ReportView report={look.report} />}
        {look.at === 'trouble' && <ErrorState error={look.error} onRetry={() => void check()} />}
      </div>
    </section>
  )
}

/** A placeholder in the shape of the report, while the checks run. */
function Looking() {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-6" aria-busy="true">
      <div className="flex items-center gap-4 rounded-lg border border-line bg-surface px-5 py-4">
        <span className="size-2.5 shrink-0 animate-pulse-soft rounded-full bg-pine" aria-hidden="true" />
        <p className="text-ink-soft">{t('doctor.looking')}</p>
      </div>
      <div className="grid gap-2 sm:grid-cols-2">
        {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => (
          <Skeleton key={key} className="h-11" />
        ))}
      </div>
      <Skeleton className="h-40" />
    </div>
  )
}
