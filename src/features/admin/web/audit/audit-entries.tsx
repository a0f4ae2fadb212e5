import { KeyRound, LogIn, type LucideIcon, ShieldCheck, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AuditKind } from '../../../../identity/contract/index.ts'
import { longDateOf, moment, timeOfDay } from '../../../../ui/dates.ts'
import { Badge } from '../../../../ui/design/badge.tsx'
import { classes } from '../../../../ui/design/class-names.ts'
import type { AuditEntry } from './filter.ts'
import { useWords } from './words.ts'

const ICONS: Record<AuditKind, LucideIcon> = {
  log_ins: LogIn,
  access: KeyRound,
  assistants: Sparkles,
  administration: ShieldCheck,
}

interface Props {
  entries: readonly AuditEntry[]
  /** Filters by this program. */
  onProgram(name: string): void
}

/** The entries day by day, the latest first. */
export function AuditEntries({ entries, onProgram }: Props) {
  const days = Map.groupBy(entries, ({ at }) => longDateOf(at))
  return (
    <div className="flex flex-col gap-6">
      {[...days].map(([day, some]) => (
        <section key={day} aria-label={day}>
          <h2 className="title mb-2 text-lg">{day}</h2>
          <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
            {some.map((entry) => (
              <EntryLine key={entry.id} entry={entry} onProgram={onProgram} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function EntryLine({ entry, onProgram }: { entry: AuditEntry; onProgram: Props['onProgram'] }) {
  const { t } = useTranslation()
  const words = useWords()
  const Icon = ICONS[entry.kind]
  const well = entry.outcome === 'ok'
  const who = words.who(entry)
  const howOften = words.howOften(entry)
  const how = [words.way(entry), entry.ip_address && t('admin.fromAddress', { address: entry.ip_address })]
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-3 gap-y-1 px-4 py-2.5 md:grid-cols-[4.5rem_auto_minmax(0,1fr)_minmax(0,1fr)] md:items-start">
      <time
        dateTime={entry.at}
        title={moment(entry.at)}
        className="figures pt-px text-ink-faint text-sm max-md:order-2"
      >
        {timeOfDay(entry.at)}
      </time>
      <span className={classes('pt-0.5', well ? 'text-ink-faint' : 'text-signal-ink')} title={words.kind(entry)}>
        <Icon size={16} aria-hidden="true" />
        <span className="sr-only">{words.kind(entry)}</span>
      </span>
      <p className="wrap-anywhere flex min-w-0 flex-wrap items-baseline gap-x-2 gap-y-1 font-medium max-md:order-1">
        {words.title(entry)}{' '}
        {well ? (
          <span className="font-normal text-ink-faint text-sm">{words.outcome(entry)}</span>
        ) : (
          <Badge tone="signal">{words.outcome(entry)}</Badge>
        )}
        {howOften !== null && <span className="figures font-normal text-ink-faint text-sm">{howOften}</span>}
      </p>
      <p className="wrap-anywhere min-w-0 max-md:order-3 max-md:col-span-2 max-md:col-start-2">
        {who}
        {who !== null && entry.client !== null && ' · '}
        {entry.client !== null && (
          <button
            type="button"
            aria-label={t('admin.filterProgram', { name: words.program(entry.client) })}
            onClick={() => onProgram(entry.client ?? '')}
            className="wrap-anywhere inline rounded-sm text-left text-ink-soft underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-ink"
          >
            {words.program(entry.client)}
          </button>
        )}
        <span className="figures text-ink-faint text-sm"> · {how.filter(Boolean).join(' · ')}</span>
      </p>
    </li>
  )
}
