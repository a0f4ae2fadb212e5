import { useSyncExternalStore } from 'react'
import type { Output } from '../../../core/declare/operation.ts'
import { useRead } from '../../../ui/query.ts'
import { list_backups } from '../contract/index.ts'

type State = Output<typeof list_backups>

/** How often to ask for the state of backups, in milliseconds: during one, on a visible page, on a hidden page. */
const ASK_AGAIN_MS = { running: 1000, seen: 5000, unseen: 60_000 }

/** The state of backups, however they are started: by another page, by the schedule or at the command line. */
export function useBackups() {
  const isSeen = useSyncExternalStore(hearOfVisibility, () => document.visibilityState === 'visible')
  return useRead(
    list_backups,
    {},
    {
      // The server can be reachable without a network.
      networkMode: 'always',
      refetchInterval: ({ state: { data } }) => {
        if (!isSeen) return ASK_AGAIN_MS.unseen
        return (data as State | undefined)?.running ? ASK_AGAIN_MS.running : ASK_AGAIN_MS.seen
      },
      refetchIntervalInBackground: true,
      refetchOnWindowFocus: 'always',
    },
  )
}

function hearOfVisibility(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed)
  return () => document.removeEventListener('visibilitychange', changed)
}

/** The newest backup that is neither damaged nor unreadable. */
export const lastOf = ({ backups }: State): State['backups'][number] | undefined =>
  backups.find(({ damaged, unread }) => !damaged && !unread)
