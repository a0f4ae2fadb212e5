import { Check, CircleCheck, CircleX, TriangleAlert, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { timeOfDay } from '../../../ui/dates.ts'
import { classes } from '../../../ui/design/class-names.ts'
import { CopyButton } from '../../../ui/design/copy-button.tsx'
import { Fold } from '../../../ui/design/fold.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { listOf, textOf } from '../../../ui/message.ts'
import type { Finding, Outcome, Report } from '../contract/index.ts'
import { reportText } from './report-text.ts'

const PROXIES = ['nginx', 'Caddy', 'Traefik', 'Apache']

const LOOKS = {
  ok: { Icon: CircleCheck, box: 'border-pine-ink bg-pine-soft', mark: 'text-pine-ink', edge: 'border-l-pine-ink' },
  note: {
    Icon: TriangleAlert,
    box: 'border-line-strong bg-surface',
    mark: 'text-(--hue-other)',
    edge: 'border-l-glow',
  },
  failed: { Icon: CircleX, box: 'border-signal bg-signal-soft', mark: 'text-signal-ink', edge: 'border-l-signal' },
} as const satisfies Record<Outcome, unknown>

/** The report: a summary, then who can connect, then what to do. */
export function ReportView({ report }: { report: Report }) {
  const { t } = useTranslation()
  const [proxy, setProxy] = useState(report.proxy ?? 'nginx')
  const troubles = report.findings.filter(({ outcome }) => outcome !== 'ok')
  const fine = report.findings.filter(({ outcome }) => outcome === 'ok')
  const hasDirectives = troubles.some(({ directives }) => directives.length > 0)
  return (
    <div className="flex flex-col gap-8">
      <Verdict report={report} />
      <section aria-labelledby="doctor-who">
        <h3 id="doctor-who" className="mb-3 font-semibold text-lg">
          {t('doctor.who')}
        </h3>
        <ul className="grid gap-2 sm:grid-cols-2">
          {report.clients.map(({ name, name_message, works }) => (
            <li
              key={name}
              className="flex min-h-11 items-center gap-3 rounded-md border border-line bg-surface px-3.5 py-2"
            >
              <ClientMark works={works} />
              <span className={classes('min-w-0 flex-1', works === 'not' && 'text-ink-soft')}>
                {textOf({ ...name_message, text: name })}
              </span>
              <span
                className={classes(
                  works === 'wholly' ? 'sr-only' : 'font-medium text-sm',
                  works === 'not' ? 'text-signal-ink' : 'text-ink-soft',
                )}
              >
                {t(`doctor.works.${works}`)}
              </span>
            </li>
          ))}
        </ul>
      </section>
      {troubles.length > 0 && (
        <section aria-labelledby="doctor-todo">
          <div className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
            <h3 id="doctor-todo" className="font-semibold text-lg">
              {t('doctor.toDo')}
            </h3>
            {hasDirectives && (
              <Segmented
                label={t('doctor.proxy')}
                value={proxy}
                onChange={setProxy}
                choices={PROXIES.map((name) => ({ value: name, label: name }))}
              />
            )}
          </div>
          <ol className="flex flex-col gap-3">
            {troubles.map((finding) => (
              <FindingCard key={finding.title} finding={finding} proxy={proxy} />
            ))}
          </ol>
          {hasDirectives && <p className="mt-4 text-ink-faint text-sm">{t('doctor.docs')}</p>}
        </section>
      )}
      {fine.length > 0 && (
        <Fold summary={t('doctor.fine', { count: fine.length })}>
          <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
            {fine.map(({ title, title_message, saw, saw_message }) => (
              <li key={title} className="flex gap-3 px-4 py-3">
                <Check size={18} aria-hidden="true" className="mt-px shrink-0 text-pine-ink" />
                <div className="min-w-0">
                  <p>{textOf({ ...title_message, text: title })}</p>
                  <p className="wrap-anywhere mt-0.5 text-ink-faint text-sm">{textOf({ ...saw_message, text: saw })}</p>
                </div>
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </div>
  )
}

function ClientMark({ works }: { works: Report['clients'][number]['works'] }) {
  const Mark = { wholly: Check, partly: TriangleAlert, not: X }[works]
  const colour = { wholly: 'text-pine-ink', partly: 'text-(--hue-other)', not: 'text-signal-ink' }[works]
  return <Mark size={18} aria-hidden="true" className={classes('shrink-0', colour)} />
}

function Verdict({ report }: { report: Report }) {
  const { t } = useTranslation()
  const { Icon, box, mark } = LOOKS[report.outcome]
  return (
    <div className={classes('flex flex-wrap items-start gap-x-4 gap-y-3 rounded-lg border p-5', box)}>
      <Icon size={26} aria-hidden="true" className={classes('shrink-0', mark)} />
      <div className="min-w-0 flex-1 basis-56">
        <p className="title text-xl">{textOf({ ...report.says_message, text: report.says })}</p>
        <p className="wrap-anywhere figures mt-1 text-ink-soft text-sm">
          {t('doctor.checked', {
            address: report.address,
            time: timeOfDay(report.checked_at),
            seconds: Math.ceil(report.took_ms / 1000),
          })}
        </p>
      </div>
      <CopyButton text={reportText(report)} what={t('doctor.report')} />
    </div>
  )
}

function FindingCard({ finding, proxy }: { finding: Finding; proxy: string }) {
  const { t } = useTranslation()
  const { outcome, title, title_message, fix, fix_message, saw, saw_message, directives } = finding
  const concerned = finding.suffers.flatMap((text, index) => {
    const message = finding.suffers_messages[index]
    return message ? [textOf({ ...message, text })] : []
  })
  const { Icon, mark, edge } = LOOKS[outcome]
  const lines = directives.filter((one) => one.proxy === proxy).map((one) => one.lines)
  return (
    <li className={classes('rounded-lg border border-line border-l-4 bg-surface p-5', edge)}>
      <div className="flex items-start gap-3">
        <Icon size={20} aria-hidden="true" className={classes('mt-0.5 shrink-0', mark)} />
        <div className="min-w-0 flex-1">
          <h4 className="wrap-anywhere font-semibold text-lg">
            <span className="sr-only">{t(`doctor.outcome.${outcome}`)}: </span>
            {textOf({ ...title_message, text: title })}
          </h4>
          {fix && fix_message && (
            <p className="wrap-anywhere mt-1.5 text-ink-soft">{textOf({ ...fix_message, text: fix })}</p>
          )}
        </div>
      </div>
      {lines.length > 0 && (
        <div className="mt-4 overflow-hidden rounded-md border border-line bg-sunken">
          <div className="flex items-center justify-between gap-4 border-line border-b py-1 pr-1 pl-3.5">
            <span className="font-medium text-ink-soft text-sm">{proxy}</span>
            <CopyButton text={lines.join('\n')} what={t('doctor.linesFor', { proxy })} tone="plain" />
          </div>
          <pre className="whitespace-pre-wrap wrap-anywhere px-3.5 py-3 font-mono text-sm leading-5">
            {lines.join('\n')}
          </pre>
        </div>
      )}
      {concerned.length > 0 && (
        <p className="mt-4 text-ink-faint text-sm">{t('doctor.concerns', { names: listOf(concerned) })}</p>
      )}
      <Fold summary={t('doctor.saw')} className="mt-2">
        <p className="wrap-anywhere rounded-md bg-sunken px-3.5 py-2.5 text-ink-soft text-sm">
          {textOf({ ...saw_message, text: saw })}
        </p>
      </Fold>
    </li>
  )
}
