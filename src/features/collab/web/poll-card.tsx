import { Check, CircleCheck, Clock, Lock, MoreHorizontal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { fromNow } from '../../../ui/dates.ts'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import { Tip } from '../../../ui/design/tooltip.tsx'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { listOf } from '../../../ui/message.ts'
import {
  CollabPoll,
  close_collab_poll,
  delete_collab_poll,
  type PollRow,
  vote_collab_poll,
  votesAfter,
} from '../contract/index.ts'
import { useNameOf } from './people.tsx'

interface Props {
  poll: PollRow
  closed: boolean
  now: number
  mayVote: boolean
}

export function PollCard({ poll, closed, now, mayVote }: Props) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const people = new Set(poll.votes.map(({ user_id }, index) => user_id ?? `gone ${index}`)).size
  const most = Math.max(...poll.options.map((_, option) => countOf(poll, option)))
  return (
    <Glowing entity={CollabPoll} row={poll.id} className="rounded-lg border border-line bg-surface">
      <article className="flex flex-col gap-3 p-4 pt-3">
        <header className="flex items-start gap-1">
          <div className="min-w-0 flex-1 py-1">
            <h3 className="title wrap-anywhere text-lg leading-6">{poll.question}</h3>
            <p className="mt-0.5 truncate text-ink-faint text-xs">
              {nameOf(poll.author_id)} · {poll.multiple ? t('together.chooseSeveral') : t('together.chooseOne')}
            </p>
          </div>
          {mayVote && <PollMenu poll={poll} closed={closed} />}
        </header>
        <ul className="flex flex-col gap-1.5">
          {poll.options.map((text, option) => (
            <li key={text}>
              <Option
                poll={poll}
                option={option}
                disabled={closed || !mayVote}
                of={people}
                wins={closed && most > 0 && countOf(poll, option) === most}
              />
            </li>
          ))}
        </ul>
        <footer className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-faint text-xs">
          <span className="figures">{t('together.voted', { count: people })}</span>
          <Ending poll={poll} closed={closed} now={now} />
        </footer>
      </article>
    </Glowing>
  )
}

const countOf = ({ votes }: PollRow, option: number): number => votes.filter((vote) => vote.option === option).length

function Ending({ poll: { deadline }, closed, now }: Pick<Props, 'poll' | 'closed' | 'now'>) {
  const { t } = useTranslation()
  if (closed) {
    return (
      <span className="flex items-center gap-1 font-medium text-ink-soft">
        <Lock size={12} aria-hidden="true" />
        {t('together.closed')}
      </span>
    )
  }
  if (!deadline) return null
  const isSoon = Date.parse(deadline) - now < 24 * 3_600_000
  return (
    <span className={classes('figures flex items-center gap-1', isSoon && 'font-medium text-signal-ink')}>
      <Clock size={12} aria-hidden="true" />
      {t('together.ends', { when: fromNow(deadline, now) })}
    </span>
  )
}

interface OptionProps {
  poll: PollRow
  option: number
  disabled: boolean
  /** The number of people who voted: 100% of the bar. */
  of: number
  wins: boolean
}

/** An option with its bar and its voters; one tap votes. */
function Option({ poll, option, disabled, of, wins }: OptionProps) {
  const { t } = useTranslation()
  const me = useMe()
  const act = useAct()
  const nameOf = useNameOf()
  const cast = poll.votes.filter((vote) => vote.option === option)
  const isMine = cast.some(({ user_id }) => user_id === me.id)
  const names = cast.map(({ user_id }) => nameOf(user_id))
  const Mark = wins ? CircleCheck : Check
  const text = poll.options[option] as string

  const vote = () =>
    act(vote_collab_poll, { tripId: poll.trip_id, pollId: poll.id, optionIndex: option }, [
      patched(CollabPoll, poll.id, { votes: votesAfter(poll, me.id, option) }),
    ])

  return (
    <button
      type="button"
      aria-pressed={isMine}
      disabled={disabled}
      onClick={() => void vote()}
      className="group relative flex min-h-11 w-full items-center gap-2.5 overflow-hidden rounded-md border border-line px-3 py-2 text-left transition-colors duration-(--fast) enabled:hover:border-line-strong disabled:cursor-default aria-pressed:border-pine"
    >
      <span
        aria-hidden="true"
        className={classes(
          'absolute inset-y-0 left-0 transition-[width] duration-(--steady)',
          isMine || wins ? 'bg-pine-soft' : 'bg-hover',
        )}
        style={{ width: of ? `${(cast.length / of) * 100}%` : 0 }}
      />
      <span
        aria-hidden="true"
        className={classes(
          'relative flex size-4.5 shrink-0 items-center justify-center border',
          poll.multiple ? 'rounded-sm' : 'rounded-full',
          isMine
            ? 'border-pine bg-pine text-on-pine'
            : wins
              ? 'border-transparent text-pine-ink'
              : 'border-line-strong bg-surface',
        )}
      >
        {(isMine || wins) && <Mark size={wins && !isMine ? 16 : 12} strokeWidth={wins && !isMine ? 2 : 3.5} />}
      </span>
      <span className={classes('wrap-anywhere relative min-w-0 flex-1', (isMine || wins) && 'font-medium')}>
        {text}
      </span>
      {cast.length > 0 && (
        <Tip text={listOf(names)}>
          <span className="relative flex items-center">
            {cast.slice(0, 4).map(({ user_id }, index) => (
              <Avatar
                key={user_id ?? `gone ${index}`}
                name={user_id === null ? '?' : nameOf(user_id)}
                userId={user_id ?? 0}
                size="small"
                className="-ml-1.5 first:ml-0"
              />
            ))}
          </span>
        </Tip>
      )}
      <span aria-hidden="true" className="figures relative w-5 text-right font-medium text-ink-soft text-sm">
        {cast.length || ''}
      </span>
      <span className="sr-only">{t('together.votes', { count: cast.length, names: listOf(names) })}</span>
    </button>
  )
}

function PollMenu({ poll, closed }: { poll: PollRow; closed: boolean }) {
  const { t } = useTranslation()
  const act = useAct()
  const [asking, setAsking] = useState<'close' | 'delete' | null>(null)
  const inPoll = { tripId: poll.trip_id, pollId: poll.id }

  function goOn() {
    if (asking === 'close') {
      void act(close_collab_poll, inPoll, [patched(CollabPoll, poll.id, { closed_at: new Date().toISOString() })])
    } else void act(delete_collab_poll, inPoll, [removed(CollabPoll, poll.id)])
    setAsking(null)
  }

  return (
    <>
      <Menu
        trigger={
          <IconButton label={t('together.pollMenu', { question: poll.question })} size="small">
            <MoreHorizontal size={16} aria-hidden="true" />
          </IconButton>
        }
      >
        {!closed && (
          <MenuItem icon={<Lock size={16} />} onSelect={() => setAsking('close')}>
            {t('together.closePoll')}
          </MenuItem>
        )}
        <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => setAsking('delete')}>
          {t('delete')}
        </MenuItem>
      </Menu>
      <Dialog
        open={asking !== null}
        onClose={() => setAsking(null)}
        title={asking === 'close' ? t('together.closeTitle') : t('together.deleteTitle')}
        description={asking === 'close' ? t('together.closeBody') : t('together.deleteBody')}
      >
        <DialogActions>
          <Button onClick={() => setAsking(null)}>{t('cancel')}</Button>
          <Button tone={asking === 'close' ? 'primary' : 'danger'} onClick={goOn}>
            {asking === 'close' ? t('together.closePoll') : t('together.deletePoll')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
