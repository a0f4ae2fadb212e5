import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../../ui/call.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { Notice } from '../../../ui/design/notice.tsx'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { MOST_COMMITS, undo_changes } from '../contract/index.ts'
import { type Run, undoable } from './runs.ts'
import { reasonsIn, takeBack } from './undo.ts'

interface Props {
  /** Null while it is closed. */
  run: Run | null
  onClose(): void
}

/** Shows what undoing a run of changes would do, and does it. */
export function UndoRunDialog({ run, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog open={run !== null} onClose={onClose} title={t('history.undoAllTitle')}>
      {run && <Preview run={run} onClose={onClose} />}
    </Dialog>
  )
}

function Preview({ run, onClose }: { run: Run; onClose(): void }) {
  const { t } = useTranslation()
  const { id: tripId } = useTrip()
  const [busy, setBusy] = useState(false)
  const [changes] = useState(() => undoable(run))
  const commits = changes.slice(0, MOST_COMMITS).map(({ commit }) => commit)
  const preview = useQuery({
    queryKey: [undo_changes.name, tripId, commits],
    queryFn: () => call(undo_changes, { tripId, commits, preview: true }),
    staleTime: 0,
    gcTime: 0,
  })
  if (preview.isPending) return <Skeleton className="h-32" />
  if (preview.isError) return <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
  const { undone } = preview.data
  const affected = undone.filter(({ rows }) => rows.length > 0)
  const count = affected.reduce((sum, { rows }) => sum + rows.length, 0)
  const reasons = reasonsIn(undone)

  async function undo() {
    setBusy(true)
    const title = t('history.changes', { count: changes.length })
    const all = changes.map(({ commit }) => ({ commit, title }))
    await takeBack({ direction: 'undo', tripId, changes: all, title })
    onClose()
  }

  return (
    <>
      <p>{t('history.wouldUndo', { changes: t('history.changes', { count: affected.length }), count })}</p>
      {changes.length > commits.length && (
        <p className="mt-2 text-ink-soft text-sm">{t('history.onlyNewest', { count: commits.length })}</p>
      )}
      {reasons.length > 0 && (
        <div className="mt-4">
          <Notice tone="warning" title={t('history.wouldStay')}>
            <ul className="flex list-disc flex-col gap-1 pl-5">
              {reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </Notice>
        </div>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button tone="danger" busy={busy} disabled={count === 0} onClick={() => void undo()}>
          {t('history.undoAll')}
        </Button>
      </DialogActions>
    </>
  )
}
