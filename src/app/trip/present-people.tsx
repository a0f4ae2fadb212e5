import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/design/avatar.tsx'
import { Tip } from '../../ui/design/tooltip.tsx'
import { useAuthorName } from '../../ui/live/announcer.tsx'
import { useSpace } from '../../ui/live/hooks.tsx'

const AT_MOST = 4

/** Who else is looking at the trip now, people and assistants. */
export function PresentPeople() {
  const { t } = useTranslation()
  const { people } = useSpace()
  const authorName = useAuthorName()
  if (!people.length) return null
  const first = people.slice(0, AT_MOST)
  return (
    <ul aria-label={t('live.present')} className="-space-x-1.5 mr-1 flex items-center">
      {first.map((present) => (
        <li key={`${present.user_id}:${present.client}`}>
          <Tip text={authorName(present)}>
            <span className="block rounded-full ring-2 ring-paper" role="img" aria-label={authorName(present)}>
              <Avatar
                name={present.name}
                userId={present.user_id}
                assistant={present.way === 'mcp' ? present.client : null}
              />
            </span>
          </Tip>
        </li>
      ))}
      {people.length > AT_MOST && (
        <li className="figures flex size-8 items-center justify-center rounded-full bg-hover text-ink-soft text-xs ring-2 ring-paper">
          +{people.length - AT_MOST}
        </li>
      )}
    </ul>
  )
}
