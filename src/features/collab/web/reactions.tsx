import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { Tip } from '../../../ui/design/tooltip.tsx'
import { patched, useAct } from '../../../ui/live/act.ts'
import { listOf } from '../../../ui/message.ts'
import { CollabMessage, type MessageRow, react_collab_message, reactionsAfter } from '../contract/index.ts'
import { useNameOf } from './people.tsx'

/** Puts an emoji on a message, or takes one's own off again. */
export function useReact() {
  const act = useAct()
  const me = useMe()
  return ({ id, trip_id: tripId, reactions }: MessageRow, emoji: string) =>
    void act(react_collab_message, { tripId, messageId: id, emoji }, [
      patched(CollabMessage, id, { reactions: reactionsAfter(reactions, me.id, emoji) }),
    ])
}

/** The reactions to a message, each emoji with its count; a tap adds or removes one's own. */
export function Reactions({ message, mayWrite }: { message: MessageRow; mayWrite: boolean }) {
  const { t } = useTranslation()
  const me = useMe()
  const nameOf = useNameOf()
  const react = useReact()
  const byEmoji = Map.groupBy(message.reactions, ({ emoji }) => emoji)
  return (
    <ul className="flex flex-wrap gap-1">
      {[...byEmoji].map(([emoji, given]) => {
        const names = listOf(given.map(({ user_id }) => nameOf(user_id)))
        return (
          <li key={emoji}>
            <Tip text={names}>
              <button
                type="button"
                aria-pressed={given.some(({ user_id }) => user_id === me.id)}
                disabled={!mayWrite}
                onClick={() => react(message, emoji)}
                className="figures inline-flex h-7 items-center gap-1 rounded-full border border-line bg-surface px-2 text-sm transition-colors duration-(--fast) enabled:hover:border-line-strong aria-pressed:border-pine aria-pressed:bg-pine-soft"
              >
                {emoji}
                <span className="font-medium text-ink-soft text-xs">{given.length}</span>
                <span className="sr-only">{t('together.reactedBy', { names })}</span>
              </button>
            </Tip>
          </li>
        )
      })}
    </ul>
  )
}
