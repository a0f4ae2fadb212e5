import type { Caller } from '../../../core/data/space.ts'
import type { ReadTx } from '../../../core/data/tx.ts'
import type { Row } from '../../../core/declare/entity.ts'
import { implement } from '../../../core/run/feature.ts'
import { list_grant_changes, list_oauth_grants, OAuthGrant, revoke_oauth_grant } from '../../contract/oauth.ts'
import { messages } from './messages.ts'
import { countChanges, listChangesOf } from './store.ts'

type GrantRow = Row<typeof OAuthGrant>

export interface GrantHandlerParts {
  /** The title of an operation, or its name if it no longer exists. */
  titleOf(operation: string): string
}

/** The most changes a person can page through. */
const MOST_CHANGES = 2000

const contract = { list_oauth_grants, revoke_oauth_grant, list_grant_changes }

/** The operations on what a person has authorized. */
export const grantHandlers = ({ titleOf }: GrantHandlerParts) =>
  implement(contract, {
    list_oauth_grants: async ({ tx, caller }) => ({
      grants: await grantCards(tx, await tx.list(OAuthGrant, { user_id: caller.userId })),
    }),

    revoke_oauth_grant: async ({ tx, caller, input }) => {
      await tx.remove(OAuthGrant, await ownGrant(tx, input.grantId, caller))
      return { success: true }
    },

    list_grant_changes: async ({ tx, caller, input }) => {
      const grant = await ownGrant(tx, input.grantId, caller)
      const changes = await listChangesOf(tx, `grant:${grant.id}`, MOST_CHANGES)
      return {
        changes: changes.map(({ at, operation, trip_id, rows }) => ({
          at,
          operation,
          title: titleOf(operation),
          trip_id: trip_id === null ? null : Number(trip_id),
          rows: Number(rows),
        })),
      }
    },
  })

async function ownGrant(tx: ReadTx, id: number, { userId }: Caller): Promise<GrantRow> {
  const grant = await tx.find(OAuthGrant, { id, user_id: userId })
  if (!grant) throw messages.grantNotFound({ id })
  return grant
}

/** The grants with the number of changes by each, most recently used first. */
async function grantCards(tx: ReadTx, grants: readonly GrantRow[]) {
  const changes = await countChanges(
    tx,
    grants.map(({ id }) => `grant:${id}`),
  )
  return grants
    .map(({ user_id: _, ...grant }) => ({ ...grant, changes: changes.get(`grant:${grant.id}`) ?? 0 }))
    .sort((a, b) => (b.last_used_at ?? b.created_at).localeCompare(a.last_used_at ?? a.created_at))
}
