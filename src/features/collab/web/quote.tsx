import { CornerUpLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useRead } from '../../../ui/query.ts'
import { list_collab_messages, type MessageRow } from '../contract/index.ts'
import { useNameOf } from './people.tsx'

interface Props {
  tripId: number
  messageId: number
  /** The original message, if loaded. */
  original: MessageRow | undefined
}

/** The start of the message a reply is about; a click jumps to it. */
export function Quote({ tripId, messageId, original }: Props) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const { data } = useRead(list_collab_messages, { tripId, before: messageId + 1 }, { enabled: !original })
  const found = original ?? data?.messages.findLast(({ id }) => id === messageId)
  const show = () => {
    const place = document.getElementById(`message-${messageId}`)
    place?.scrollIntoView({ block: 'center', behavior: 'smooth' })
    place?.animate([{ backgroundColor: 'var(--glow)' }, { backgroundColor: 'transparent' }], 900)
  }
  return (
    <button
      type="button"
      disabled={!original}
      onClick={show}
      className="mb-1.5 block w-full min-w-0 rounded-sm border-pine-ink border-l-3 bg-hover/70 px-2 py-1 text-left text-sm disabled:cursor-default"
    >
      <span className="flex items-center gap-1 font-medium text-ink-soft text-xs">
        <CornerUpLeft size={12} aria-hidden="true" className="shrink-0" />
        <span className="truncate">{found ? nameOf(found.author_id) : t('together.earlier')}</span>
      </span>
      <span className="wrap-anywhere line-clamp-2 text-ink-soft">
        {found?.deleted ? t('together.messageDeleted') : (found?.text ?? '…')}
      </span>
    </button>
  )
}
