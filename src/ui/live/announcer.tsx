import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Change, FrameAuthor } from './frames.ts'
import { useLive } from './hooks.tsx'

const GATHER_MS = 900

const nameOf = (change: Change | undefined): string => {
  if (!change || change.action === 'remove') return ''
  const name = change.row.name ?? change.row.title
  return typeof name === 'string' ? name : ''
}

/** The name of who did it: "Ana", "Claude" for one's own assistant, "Claude, for Ana" for hers. */
export function useAuthorName() {
  const { t } = useTranslation()
  const live = useLive()
  return (by: Pick<FrameAuthor, 'user_id' | 'name' | 'client' | 'way'>) => {
    if (by.way !== 'mcp' || !by.client) return by.name
    return live.isMe(by.user_id) ? by.client : t('live.assistantFor', { client: by.client, name: by.name })
  }
}

/** Announces changes of others to screen readers, for people who cannot see the glow. */
export function Announcer() {
  const live = useLive()
  const { t } = useTranslation()
  const authorName = useAuthorName()
  const [announcement, setAnnouncement] = useState('')
  const speak = useRef(authorName)
  speak.current = authorName
  useEffect(() => {
    let gathered: { by: FrameAuthor; changes: Change[] } | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    const say = () => {
      if (!gathered) return
      const { by, changes } = gathered
      const who = speak.current(by)
      const what = nameOf(changes.find((change) => nameOf(change)))
      setAnnouncement(
        changes.length === 1 && what
          ? t('live.changedOne', { who, what })
          : t('live.changedMany', { who, count: changes.length }),
      )
      gathered = null
    }
    const stop = live.witness((ref, by, changes) => {
      // Changes in the person's own space are shown elsewhere: a notification says more.
      if (ref.space === 'user') return
      if (gathered && gathered.by.user_id === by.user_id) gathered.changes.push(...changes)
      else gathered = { by, changes: [...changes] }
      clearTimeout(timer)
      timer = setTimeout(say, GATHER_MS)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [live, t])
  return (
    <div aria-live="polite" className="sr-only">
      {announcement}
    </div>
  )
}
