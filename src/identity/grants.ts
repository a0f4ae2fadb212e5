import type { Database } from '../core/database.ts'
import { grantTopic } from '../core/door.ts'
import type { Feed } from '../core/feed.ts'
import { StaticToken, WebSession } from './contract.ts'
import { OAuthGrant } from './oauth/contract.ts'

const KINDS: Record<string, string> = {
  [WebSession.name]: 'session',
  [StaticToken.name]: 'token',
  [OAuthGrant.name]: 'grant',
}

/**
 * Rings `grant:…` in every process when a session or token ends. The change log says so, and nothing else has to remember:
 * whichever operation removed the row, what lives by it ends.
 */
export function ringEndedGrants(
  { feed, database }: { feed: Feed; database: Database },
  failed: (error: unknown) => void,
): () => void {
  return feed.tap(({ changes }) => {
    for (const { entity, row_id, action } of changes) {
      const kind = action === 'remove' && KINDS[entity]
      if (kind) database.doorbell.ring(grantTopic(`${kind}:${row_id}`)).catch(failed)
    }
  })
}
