import { randomUUID } from 'node:crypto'
import type { Caller } from '../../../core/data/space.ts'
import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Row } from '../../../core/declare/entity.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import * as contract from '../../contract/oauth.ts'
import { create_web_token, MOST_CLIENTS, OAuthClient, OAuthGrant } from '../../contract/oauth.ts'
import { type RedirectRules, redirectProblem } from '../../contract/redirects.ts'
import { refusePrograms } from '../handlers.ts'
import { hashToken } from '../tokens.ts'
import { messages } from './messages.ts'
import { keyFault } from './points.ts'
import { newClientSecret } from './secrets.ts'
import { countChanges, listChangesOf } from './store.ts'
import { WEB_TOKEN_SECONDS, type WebTokens } from './web-token.ts'

type ClientRow = Row<typeof OAuthClient>
type GrantRow = Row<typeof OAuthGrant>

export interface OAuthHandlerParts {
  readonly webTokens: WebTokens
  readonly redirects: RedirectRules
  /** The public URL of `/mcp`, and whether it is reachable publicly. */
  mcpAddress(): { url: string; is_public: boolean }
  /** Whether assistants can connect. */
  isOn(): Promise<boolean>
  /** The title of an operation, or its name if it no longer exists. */
  titleOf(operation: string): string
}

const cardOf = ({ user_id: _, ...card }: ClientRow, machine: boolean) => ({ ...card, machine })

const machineGrants = (tx: ReadTx, { client_id }: ClientRow): Promise<GrantRow[]> =>
  tx.list(OAuthGrant, { client_id, kind: 'machine' })

/** The grants with the number of changes by each, most recently used first. */
export async function grantCards(tx: ReadTx, grants: readonly GrantRow[]) {
  const changes = await countChanges(
    tx,
    grants.map(({ id }) => `grant:${id}`),
  )
  return grants
    .map(({ user_id: _, ...grant }) => ({ ...grant, changes: changes.get(`grant:${grant.id}`) ?? 0 }))
    .sort((a, b) => (b.last_used_at ?? b.created_at).localeCompare(a.last_used_at ?? a.created_at))
}

/** Ends all grants of a client. */
async function endGrantsOf(tx: Tx, { client_id }: ClientRow): Promise<GrantRow[]> {
  const grants = await tx.list(OAuthGrant, { client_id })
  for (const grant of grants) await tx.remove(OAuthGrant, grant)
  return grants
}

/** Removes a client and its grants. */
export async function removeClient(tx: Tx, client: ClientRow): Promise<void> {
  await endGrantsOf(tx, client)
  await tx.remove(OAuthClient, client)
}

export const oauthHandlers = ({ webTokens, redirects, mcpAddress, isOn, titleOf }: OAuthHandlerParts) => {
  async function ownClient(tx: ReadTx, id: number, { userId }: Caller): Promise<ClientRow> {
    const client = await tx.find(OAuthClient, { id, user_id: userId })
    if (!client) throw messages.clientNotFound({ id })
    return client
  }

  async function ownGrant(tx: ReadTx, id: number, { userId }: Caller): Promise<GrantRow> {
    const grant = await tx.find(OAuthGrant, { id, user_id: userId })
    if (!grant) throw messages.grantNotFound({ id })
    return grant
  }

  /** Checks the operator's rules, which the contract does not know. */
  function refuseRedirects(uris: readonly string[]): void {
    for (const [index, uri] of uris.entries()) {
      const problem = redirectProblem(uri, redirects)
      if (problem) throw invalidField(`redirect_uris.${index}`, problem)
    }
  }

  /** Checks of a key that a browser cannot make. */
  function refuseKeys(publicKeys: ClientRow['public_keys'] | undefined): void {
    for (const [index, key] of publicKeys?.keys.entries() ?? []) {
      const problem = keyFault(key)
      if (problem) throw invalidField(`public_keys.keys.${index}`, problem)
    }
  }

  const letIn = (tx: Tx, client: ClientRow, now: string) =>
    tx.insert(OAuthGrant, {
      user_id: client.user_id,
      kind: 'machine',
      client_id: client.client_id,
      client_name: client.name,
      resource: mcpAddress().url,
      scopes: client.scopes,
      created_at: now,
    })

  return implement(contract, {
    list_oauth_clients: async ({ tx, caller }) => {
      const clients = await tx.list(OAuthClient, { user_id: caller.userId }, ['id desc'])
      const machines = await tx.list(OAuthGrant, { user_id: caller.userId, kind: 'machine' })
      const ids = new Set(machines.map(({ client_id }) => client_id))
      return { clients: clients.map((client) => cardOf(client, ids.has(client.client_id))) }
    },

    create_oauth_client: async ({ tx, caller, input: { machine, ...input }, now }) => {
      refusePrograms(caller)
      refuseRedirects(input.redirect_uris)
      refuseKeys(input.public_keys)
      if (!input.redirect_uris.length && !machine) {
        throw invalidField('redirect_uris', messages.noRedirect())
      }
      if ((await tx.count(OAuthClient, { user_id: caller.userId })) >= MOST_CLIENTS) {
        throw messages.tooManyClients({ count: MOST_CLIENTS })
      }
      const secret = input.public_keys ? null : newClientSecret()
      const client = await tx.insert(OAuthClient, {
        ...input,
        user_id: caller.userId,
        client_id: randomUUID(),
        secret_hash: secret && hashToken(secret),
        created_at: now,
      })
      if (machine) await letIn(tx, client, now)
      return { client: cardOf(client, machine), client_secret: secret }
    },

    update_oauth_client: async ({ tx, caller, input: { clientId, machine, ...patch }, now }) => {
      refusePrograms(caller)
      refuseRedirects(patch.redirect_uris ?? [])
      const before = await ownClient(tx, clientId, caller)
      const client = await tx.patch(OAuthClient, before, patch)
      const grants = await machineGrants(tx, client)
      const after = machine ?? grants.length > 0
      if (!client.redirect_uris.length && !after) {
        throw invalidField('redirect_uris', messages.noRedirect())
      }
      if (after && !grants.length) await letIn(tx, client, now)
      if (!after) for (const grant of grants) await tx.remove(OAuthGrant, grant)
      return { client: cardOf(client, after) }
    },

    rotate_oauth_secret: async ({ tx, caller, input, now }) => {
      refusePrograms(caller)
      const client = await ownClient(tx, input.clientId, caller)
      if (client.public_keys) {
        throw messages.clientHasKeys()
      }
      const secret = newClientSecret()
      await tx.patch(OAuthClient, client, { secret_hash: hashToken(secret) })
      const machine = (await endGrantsOf(tx, client)).some(({ kind }) => kind === 'machine')
      if (machine) await letIn(tx, client, now)
      return { client: cardOf(client, machine), client_secret: secret }
    },

    delete_oauth_client: async ({ tx, caller, input }) => {
      await removeClient(tx, await ownClient(tx, input.clientId, caller))
      return { success: true }
    },

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

    get_mcp_access: async () => ({ ...mcpAddress(), enabled: await isOn() }),

    create_web_token: prepared(create_web_token, {
      prepare: async (_input, caller) => {
        const [kind, id] = caller.grant?.split(':') ?? []
        if (caller.way !== 'web' || kind !== 'session') {
          throw messages.pageOnly()
        }
        return webTokens.issue(Number(id), caller.userId)
      },
      handle: async ({ prepared: token }) => ({ token, expires_in: WEB_TOKEN_SECONDS }),
    }),
  })
}

/** The most changes a person can page through. */
const MOST_CHANGES = 2000
