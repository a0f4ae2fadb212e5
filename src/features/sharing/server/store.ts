import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import { ShareLink, type ShareLinkRow } from '../contract/index.ts'

export const findLink = (tx: ReadTx, tripId: number): Promise<ShareLinkRow | null> =>
  tx.find(ShareLink, { trip_id: tripId })

export const listLinksMadeBy = (tx: ReadTx, userId: number): Promise<ShareLinkRow[]> =>
  tx.list(ShareLink, { created_by: userId })

/** The values that the token of a trip’s link is computed from, and the hash of the original token. */
export const findSeal = (tx: ReadTx, tripId: number) =>
  tx
    .selectFrom('share_links')
    .select(['trip_id', 'nonce', 'token_hash'])
    .where('trip_id', '=', tripId)
    .executeTakeFirst()

/** The link with this hash of a token. */
export const findByHash = (tx: ReadTx, hash: string) =>
  tx
    .selectFrom('share_links')
    .select(['trip_id', 'nonce', 'expires_at'])
    .where('token_hash', '=', hash)
    .executeTakeFirst()

export const insertLink = (tx: Tx, values: Values<typeof ShareLink>): Promise<ShareLinkRow> =>
  tx.insert(ShareLink, values)

export const patchLink = (tx: Tx, link: ShareLinkRow, patch: Values<typeof ShareLink>): Promise<ShareLinkRow> =>
  tx.patch(ShareLink, link, patch)

export const removeLink = (tx: Tx, link: ShareLinkRow): Promise<void> => tx.remove(ShareLink, link)

declare module '../../../core/data/tx.ts' {
  interface Tables {
    share_links: { trip_id: number; nonce: string; token_hash: string; expires_at: string }
  }
}
