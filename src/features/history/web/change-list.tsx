import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longDateOf, moment, timeOfDay } from '../../../ui/dates.ts'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Badge } from '../../../ui/design/badge.tsx'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { textOf, titleOf } from '../../../ui/message.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { alike, ChangedRow } from './changed-row.tsx'
import { nameOfRow } from './names.ts'
import { type Run, runsOf, undoable } from './runs.ts'
import { takeBack } from './undo.ts'
import { UndoRunDialog } from './undo-run-dialog.tsx'
import { type ChangeLine, type RowLine, type Shown, useChanges } from './use-changes.ts'

/** Changes, newest first: day by day, and by who made them without a long pause. */
export function ChangeList({ shown }: { shown: Shown }) {
  const { t } = useTranslation()
  const changes = useChanges(shown)
  const [asked, setAsked] = useState<Run | null>(null)
  if (changes.isPending) return <Skeleton className="h-96" />
  if (changes.isError) return <ErrorState error={changes.error} onRetry={() => void changes.refetch()} />
  const lines = changes.data.pages.flatMap((page) => page.changes)
  const days = Map.groupBy(runsOf(lines), ({ lines: [first] }) => longDateOf((first as ChangeLine).at))
  return (
    <div className="flex flex-col gap-8">
      {!lines.length && <EmptyState compact title={t('history.empty')} />}
      {[...days].map(([day, runs]) => (
        <section key={day} aria-label={day} className="flex flex-col gap-3">
          <h3 className="title text-lg">{day}</h3>
          {runs.map((run) => (
            <RunCard
              key={run.lines[0]?.commit}
              run={run}
              {...(shown.rowId === undefined && { onUndoAll: () => setAsked(run) })}
            />
          ))}
        </section>
      ))}
      {changes.hasNextPage && (
        <Button className="self-center" busy={changes.isFetchingNextPage} onClick={() => void changes.fetchNextPage()}>
          {t('history.older')}
        </Button>
      )}
      <UndoRunDialog run={asked} onClose={() => setAsked(null)} />
    </div>
  )
}

function RunCard({ run, onUndoAll }: { run: Run; onUndoAll?(): void }) {
  const { t } = useTranslation()
  const name = run.name || t(run.userId === null ? 'history.trek' : 'history.gone')
  const who = run.client === null ? name : t('history.for', { client: run.client, name })
  return (
    <article aria-label={who} className="overflow-hidden rounded-lg border border-line bg-surface">
      <header className="flex min-h-12 items-center gap-3 border-line border-b bg-paper px-4 py-2">
        <Avatar userId={run.userId ?? 0} name={name} assistant={run.client} size="small" />
        <p className="wrap-anywhere min-w-0 flex-1 font-medium">{who}</p>
        {onUndoAll && undoable(run).length > 1 && (
          <Button size="small" onClick={onUndoAll}>
            {t('history.undoAll')}
          </Button>
        )}
      </header>
      <ol className="divide-y divide-line">
        {run.lines.map((line) => (
          <Line key={line.commit} line={line} />
        ))}
      </ol>
    </article>
  )
}

function Line({ line }: { line: ChangeLine }) {
  const { t } = useTranslation()
  const { id: tripId } = useTrip()
  const { commit, at, operation, undone, undoes, refused, refused_message, rows, more } = line
  const title = titleOf('operations', operation, line.title)
  const direction = undoes ? 'redo' : 'undo'
  const [first] = rows
  const done = undoes && first ? nameOfRow(first) : title
  return (
    <li className="flex gap-3 px-4 py-3">
      <time dateTime={at} title={moment(at)} className="figures w-12 shrink-0 pt-px text-ink-faint text-sm">
        {timeOfDay(at)}
      </time>
      <div className="min-w-0 flex-1">
        <p className={classes('flex flex-wrap items-baseline gap-x-2 font-medium', undone && 'text-ink-faint')}>
          {title} {undone && <Badge>{t('history.isUndone')}</Badge>}
        </p>
        <ul className="mt-1 flex flex-col gap-1">
          {[...Map.groupBy(rows, alike).values()].map((same) => (
            <ChangedRow key={alike(same[0] as RowLine)} row={same[0] as RowLine} count={same.length} />
          ))}
        </ul>
        {more && <p className="mt-1 text-ink-faint text-sm">{t('history.more')}</p>}
        {refused !== null && !undone && (
          <p className="mt-1 text-ink-faint text-sm">{textOf({ key: '', ...refused_message, text: refused })}</p>
        )}
      </div>
      {refused === null && !undone && (
        <Button
          size="small"
          tone="plain"
          aria-label={t(`history.does.${direction}`, { title: done })}
          icon={<Undo2 size={15} aria-hidden="true" className={classes(undoes && '-scale-x-100')} />}
          onClick={() => void takeBack({ direction, tripId, changes: [{ commit, title: done }], title: done })}
        >
          {t(direction)}
        </Button>
      )}
    </li>
  )
}
