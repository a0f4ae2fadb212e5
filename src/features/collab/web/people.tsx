import { createContext, type ReactNode, use, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useRead } from '../../../ui/query.ts'
import { useMembers } from '../../trips/web/members.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { CollabMessage, CollabNote, CollabPoll, list_collab_people } from '../contract/index.ts'

const PeopleContext = createContext<ReadonlyMap<number, string>>(new Map())

/** Provides the names of all authors. Asks for people who have left the trip only when they occur. */
export function PeopleProvider({ children }: { children: ReactNode }) {
  const trip = useTrip()
  const me = useMe()
  const { data: members } = useMembers()
  const [notes, polls, messages] = [useRows(CollabNote), useRows(CollabPoll), useRows(CollabMessage)]
  const names = useMemo(() => {
    const people = members ? [members.owner, ...members.members] : []
    return new Map([[me.id, me.name], ...people.map(({ user_id, name }) => [user_id, name] as const)])
  }, [members, me])
  const isMet = useMemo(() => {
    const isStranger = (id: number | null) => id !== null && !names.has(id)
    return (
      [...notes, ...polls, ...messages].some(({ author_id }) => isStranger(author_id)) ||
      polls.some(({ votes }) => votes.some(({ user_id }) => isStranger(user_id))) ||
      messages.some(({ reactions }) => reactions.some(({ user_id }) => isStranger(user_id)))
    )
  }, [names, notes, polls, messages])
  const { data: formerPeople } = useRead(
    list_collab_people,
    { tripId: trip.id },
    { enabled: Boolean(members) && isMet },
  )
  const namesById = useMemo(
    () => new Map([...(formerPeople?.people ?? []).map(({ user_id, name }) => [user_id, name] as const), ...names]),
    [formerPeople, names],
  )
  return <PeopleContext value={namesById}>{children}</PeopleContext>
}

/** The name of a person by id; a fallback text for nobody and for deleted accounts. */
export function useNameOf(): (userId: number | null) => string {
  const { t } = useTranslation()
  const names = use(PeopleContext)
  return (userId) => (userId === null ? undefined : names.get(userId)) ?? t('together.gone')
}
