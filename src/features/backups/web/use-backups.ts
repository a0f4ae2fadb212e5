import { useSyncExternalStore } from 'react'
import type { Output } from '../../../core/declare/operation.ts'
import { useRead } from '../../../ui/query.ts'
import { list_backups } from '../contract/index.ts'

type State = Output<typeof list_backups>

/** How often it is asked how backups go, in milliseconds: while one is being made, while somebody looks, and while nobody does. */
const ASK_AGAIN_MS = { running: 1000, seen: 5000, unseen: 60_000 }

/** How backups go, whoever makes them: another page, the clock, or somebody at the command line. */
export function useBackups() {
  const isSeen = useSyncExternalStore(hearOfVisibility, () => document.visibilityState === 'visible')
  return useRead(
    list_backups,
    {},
    {
      // Where the server is does not depend on whether there is a network.
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

/** The newest backup that counts as one. */
export const lastOf = ({ backups }: State): State['backups'][number] | undefined =>
  backups.find(({ damaged }) => !damaged)
