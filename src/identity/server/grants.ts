import type { Database } from '../../core/data/database.ts'
import type { Feed } from '../../core/data/feed.ts'
import { grantTopic } from '../../core/run/authentication.ts'
import { StaticToken, WebSession } from '../contract/index.ts'
import { OAuthGrant } from '../contract/oauth.ts'

const KINDS: Record<string, string> = {
  [WebSession.name]: 'session',
  [StaticToken.name]: 'token',
  [OAuthGrant.name]: 'grant',
}

/**
 * Signals `grant:…` in every process when a session or token ends. Follows the change log, so every operation that
 * removes such a row ends what depends on it.
 */
export function announceEndedGrants(
  { feed, database }: { feed: Feed; database: Database },
  onError: (error: unknown) => void,
): () => void {
  return feed.tap(({ changes }) => {
    for (const { entity, row_id, action } of changes) {
      const kind = action === 'remove' && KINDS[entity]
      if (kind) database.notifier.publish(grantTopic(`${kind}:${row_id}`)).catch(onError)
    }
  })
}
