import type { Feed } from '../../../core/data/feed.ts'
import { StaticToken } from '../../contract/index.ts'
import { OAuthGrant } from '../../contract/oauth.ts'
import type { Audit } from './audit.ts'
import { ACCESS_ENDED } from './events.ts'

/**
 * Records the end of each grant and token with its owner and program. The entry of the operation that ended another
 * person's access names only its caller.
 */
export function auditEndedAccess(feed: Feed, audit: Audit): () => void {
  return feed.tap(({ by, changes }) => {
    for (const { entity, row_id, action, before } of changes) {
      const ended = action === 'remove' && ENDED[entity]
      if (!ended || !before) continue
      audit.note({
        event: ACCESS_ENDED,
        user_id: Number(before.user_id),
        way: by.way,
        client: String(before[ended.client]),
        grant_id: `${ended.kind}:${row_id}`,
        outcome: 'ok',
      })
    }
  })
}

const ENDED: Record<string, { kind: string; client: string }> = {
  [StaticToken.name]: { kind: 'token', client: 'name' },
  [OAuthGrant.name]: { kind: 'grant', client: 'client_name' },
}
