import { SendHorizontal, X } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { classes } from '../../../ui/design/class-names.ts'
import { controlClass } from '../../../ui/design/field.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { inserted, useAct } from '../../../ui/live/act.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { CollabMessage, type MessageRow, send_collab_message } from '../contract/index.ts'
import { useNameOf } from './people.tsx'

interface Props {
  replyTo: MessageRow | null
  onReplied(): void
  onSent(): void
}

/** Unsent text survives a visit to other parts of the trip. */
const drafts = new Map<number, string>()

/** The message field: it grows with the text, and Enter sends it. */
export function Composer({ replyTo, onReplied, onSent }: Props) {
  const { t } = useTranslation()
  const trip = useTrip()
  const me = useMe()
  const act = useAct()
  const nameOf = useNameOf()
  const [text, setText] = useState(() => drafts.get(trip.id) ?? '')
  const field = useRef<HTMLTextAreaElement>(null)
  const isEmpty = text.trim() === ''

  useEffect(() => void drafts.set(trip.id, text), [trip.id, text])
  useEffect(() => {
    if (replyTo) field.current?.focus()
  }, [replyTo])

  async function send() {
    if (isEmpty) return
    const sentText = text.trim()
    const reply_to = replyTo?.id ?? null
    setText('')
    onReplied()
    const guess = {
      trip_id: trip.id,
      author_id: me.id,
      text: sentText,
      reply_to,
      reactions: [],
      deleted: false,
      created_at: new Date().toISOString(),
    }
    const answer = act(
      send_collab_message,
      { tripId: trip.id, text: sentText, replyTo: reply_to },
      [inserted(CollabMessage, guess)],
      ({ message }) => [CollabMessage, message],
    )
    onSent()
    // Text that could not be sent returns to the field, before what has been typed since.
    if (!(await answer)) setText((typed) => (typed ? `${sentText}\n${typed}` : sentText))
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    void send()
    field.current?.focus()
  }

  function press(event: KeyboardEvent) {
    if (event.key === 'Escape' && replyTo) onReplied()
    // On a phone Enter starts a new line, because its keyboard has no other key for it.
    const sends = event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing
    if (!sends || matchMedia('(pointer: coarse)').matches) return
    event.preventDefault()
    void send()
  }

  return (
    <form onSubmit={submit} className="shrink-0 border-line border-t bg-paper px-3 py-2.5 sm:px-4">
      {replyTo && (
        <div className="mb-2 flex items-center gap-2 rounded-sm border-pine-ink border-l-3 bg-hover py-1 pr-1 pl-2.5 text-sm">
          <p className="min-w-0 flex-1">
            <span className="block truncate font-medium text-xs">
              {t('together.replyingTo', { name: nameOf(replyTo.author_id) })}
            </span>
            <span className="block truncate text-ink-soft">{replyTo.text}</span>
          </p>
          <IconButton label={t('together.noReply')} size="small" onClick={onReplied}>
            <X size={15} aria-hidden="true" />
          </IconButton>
        </div>
      )}
      <div className="flex items-end gap-2">
        <textarea
          ref={field}
          aria-label={t('together.message')}
          placeholder={t('together.message')}
          rows={1}
          maxLength={5000}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={press}
          className={classes(
            controlClass,
            'field-sizing-content max-h-40 min-h-10 flex-1 resize-none py-2.5 leading-5',
          )}
        />
        <button
          type="submit"
          aria-label={t('together.send')}
          disabled={isEmpty}
          className="flex size-10 shrink-0 items-center justify-center rounded-md bg-pine text-on-pine transition-[background-color,opacity] duration-(--fast) hover:bg-pine-strong disabled:cursor-not-allowed disabled:opacity-45"
        >
          <SendHorizontal size={18} aria-hidden="true" />
        </button>
      </div>
    </form>
  )
}
