import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { listOf } from '../../../ui/message.ts'
import { Faces, usePeople } from '../../trips/web/people-picker.tsx'
import type { AssignmentRow } from '../contract/index.ts'
import { useStopActions } from './stop-actions.ts'

const useThose = (userIds: readonly number[]) => usePeople().filter(({ user_id }) => userIds.includes(user_id))
const namesOf = (people: ReturnType<typeof usePeople>) => listOf(people.map(({ name }) => name))

/** The faces of the people who come along to a stop, if not everybody does. */
export function Company({ userIds }: { userIds: readonly number[] }) {
  const { t } = useTranslation()
  const people = useThose(userIds)
  if (!people.length) return null
  return (
    <span className="shrink-0">
      <span className="sr-only">{t('visit.with', { names: namesOf(people) })}</span>
      <Faces people={people} />
    </span>
  )
}

/** The names of the people who come along to a stop. */
export function CompanyNames({ userIds }: { userIds: readonly number[] }) {
  const { t } = useTranslation()
  const people = useThose(userIds)
  return people.length > 0 && <p>{t('visit.with', { names: namesOf(people) })}</p>
}

/** Who comes along to a stop: everybody, or chosen people. */
export function CompanyField({ stop }: { stop: AssignmentRow }) {
  const { t } = useTranslation()
  const heading = useId()
  const people = usePeople()
  const { setParticipants } = useStopActions()
  if (people.length < 2) return null
  return (
    <div className="flex flex-col gap-1.5">
      <span id={heading} className="flex items-baseline justify-between gap-2 font-medium text-sm">
        {t('visit.company')}
        {!stop.participant_ids.length && (
          <span className="font-normal text-ink-faint text-xs">{t('visit.everybody')}</span>
        )}
      </span>
      <ToggleGroup
        multiple
        aria-labelledby={heading}
        value={stop.participant_ids.map(String)}
        onValueChange={(next) => void setParticipants(stop.id, next.map(Number))}
        className="flex flex-wrap gap-1.5"
      >
        {people.map(({ user_id, name }) => (
          <Toggle
            key={user_id}
            value={String(user_id)}
            className="flex h-8 max-w-full items-center gap-1.5 rounded-full border border-line bg-surface pr-3 pl-1 text-ink-soft text-sm transition-colors duration-(--fast) hover:border-line-strong data-pressed:border-pine-ink data-pressed:bg-pine-soft data-pressed:text-pine-ink"
          >
            <Avatar name={name} userId={user_id} size="small" />
            <span className="truncate">{name}</span>
          </Toggle>
        ))}
      </ToggleGroup>
    </div>
  )
}
