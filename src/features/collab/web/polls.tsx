import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useNow } from '../../../ui/now.ts'
import { useRights } from '../../admin/web/instance.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { CollabPoll, collab_edit, isClosed } from '../contract/index.ts'
import { Columns } from './columns.tsx'
import { PollCard } from './poll-card.tsx'
import { PollDialog } from './poll-dialog.tsx'
import { SectionTitle } from './section-title.tsx'

/** The polls of the group: open polls first, the newest of them first. */
export function Polls() {
  const { t } = useTranslation()
  const rows = useRows(CollabPoll)
  const now = useNow()
  const mayWrite = useRights(useMyRole())(collab_edit)
  const [asking, setAsking] = useState(false)
  const polls = useMemo(() => {
    const moment = new Date(now).toISOString()
    return rows
      .map((poll) => ({ poll, closed: isClosed(poll, moment) }))
      .toSorted((a, b) => Number(a.closed) - Number(b.closed) || b.poll.id - a.poll.id)
  }, [rows, now])
  return (
    <section aria-labelledby="polls-title">
      <SectionTitle id="polls-title" title={t('together.polls')} count={polls.length}>
        {mayWrite && (
          <Button size="small" icon={<Plus size={15} aria-hidden="true" />} onClick={() => setAsking(true)}>
            {t('together.newPoll')}
          </Button>
        )}
      </SectionTitle>
      {polls.length === 0 ? (
        <div className="rounded-lg border border-line border-dashed">
          <EmptyState compact title={t('together.noPolls')}>
            {t('together.noPollsBody')}
          </EmptyState>
        </div>
      ) : (
        <Columns
          least={288}
          items={polls.map(({ poll, closed }) => ({
            key: poll.id,
            card: <PollCard poll={poll} closed={closed} now={now} mayVote={mayWrite} />,
          }))}
        />
      )}
      <PollDialog open={asking} onClose={() => setAsking(false)} />
    </section>
  )
}
