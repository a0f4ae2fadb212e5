import { useEffect, useMemo, useState } from 'react'
import { call } from '../../../ui/call.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { CollabMessage, list_collab_messages, type MessageRow } from '../contract/index.ts'
import { type ChatWindow, NOTHING, shownMessages, withLive, withOlder } from './chat-window.ts'

export interface OlderPages {
  readonly state: 'none' | 'more' | 'loading' | 'failed'
  load(): void
}

/** The loaded messages, and a function that loads earlier ones. */
export function useChat(tripId: number): { messages: readonly MessageRow[]; older: OlderPages } {
  const live = useRows(CollabMessage)
  const [known, setKnown] = useState<ChatWindow>(() => withLive(NOTHING, live))
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle')
  useEffect(() => setKnown((before) => withLive(before, live)), [live])
  const messages = useMemo(() => shownMessages(withLive(known, live), live), [known, live])

  async function load() {
    if (state === 'loading') return
    setState('loading')
    try {
      const page = await call(list_collab_messages, { tripId, before: known.from })
      setKnown((before) => (before.from === known.from ? withOlder(before, page.messages, page.remaining) : before))
      setState('idle')
    } catch {
      setState('failed')
    }
  }

  return {
    messages,
    older: { state: state !== 'idle' ? state : known.more ? 'more' : 'none', load: () => void load() },
  }
}
