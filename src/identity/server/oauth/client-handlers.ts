import { randomUUID } from 'node:crypto'
import type { Caller } from '../../../core/data/space.ts'
import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Row } from '../../../core/declare/entity.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { implement } from '../../../core/run/feature.ts'
import {
  create_oauth_client,
  delete_oauth_client,
  list_oauth_clients,
  MOST_CLIENTS,
  OAuthClient,
  OAuthGrant,
  rotate_oauth_secret,
  update_oauth_client,
} from '../../contract/oauth.ts'
import { type RedirectRules, redirectProblem } from '../../contract/redirects.ts'
import { refusePrograms } from '../handlers.ts'
import { hashToken } from '../tokens.ts'
import { messages } from './messages.ts'
import { keyFault } from './points.ts'
import { newClientSecret } from './secrets.ts'

type ClientRow = Row<typeof OAuthClient>
type GrantRow = Row<typeof OAuthGrant>

export interface ClientHandlerParts {
  readonly redirects: RedirectRules
  /** The public URL of `/mcp`. */
  mcpUrl(): string
}

const contract = {
  list_oauth_clients,
  create_oauth_client,
  update_oauth_client,
  rotate_oauth_secret,
  delete_oauth_client,
}

/** The operations on the programs that a person registers. */
export const clientHandlers = ({ redirects, mcpUrl }: ClientHandlerParts) => {
  const insertMachineGrant = (tx: Tx, client: ClientRow, now: string) =>
    tx.insert(OAuthGrant, {
      user_id: client.user_id,
      kind: 'machine',
      client_id: client.client_id,
      client_name: client.name,
      resource: mcpUrl(),
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
      refuseRedirects(input.redirect_uris, redirects)
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
      if (machine) await insertMachineGrant(tx, client, now)
      return { client: cardOf(client, machine), client_secret: secret }
    },

    update_oauth_client: async ({ tx, caller, input: { clientId, machine, ...patch }, now }) => {
      refusePrograms(caller)
      refuseRedirects(patch.redirect_uris ?? [], redirects)
      const before = await ownClient(tx, clientId, caller)
      const client = await tx.patch(OAuthClient, before, patch)
      const grants = await machineGrants(tx, client)
      const after = machine ?? grants.length > 0
      if (!client.redirect_uris.length && !after) {
        throw invalidField('redirect_uris', messages.noRedirect())
      }
      if (after && !grants.length) await insertMachineGrant(tx, client, now)
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
      if (machine) await insertMachineGrant(tx, client, now)
      return { client: cardOf(client, machine), client_secret: secret }
    },

    delete_oauth_client: async ({ tx, caller, input }) => {
      await removeClient(tx, await ownClient(tx, input.clientId, caller))
      return { success: true }
    },
  })
}

const cardOf = ({ user_id: _, ...card }: ClientRow, machine: boolean) => ({ ...card, machine })

async function ownClient(tx: ReadTx, id: number, { userId }: Caller): Promise<ClientRow> {
  const client = await tx.find(OAuthClient, { id, user_id: userId })
  if (!client) throw messages.clientNotFound({ id })
  return client
}

/** Checks the operator's rules, which the contract does not know. */
function refuseRedirects(uris: readonly string[], rules: RedirectRules): void {
  for (const [index, uri] of uris.entries()) {
    const problem = redirectProblem(uri, rules)
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

const machineGrants = (tx: ReadTx, { client_id }: ClientRow): Promise<GrantRow[]> =>
  tx.list(OAuthGrant, { client_id, kind: 'machine' })

/** Ends all grants of a client. */
async function endGrantsOf(tx: Tx, { client_id }: ClientRow): Promise<GrantRow[]> {
  const grants = await tx.list(OAuthGrant, { client_id })
  for (const grant of grants) await tx.remove(OAuthGrant, grant)
  return grants
}

/** Removes a client and its grants. */
async function removeClient(tx: Tx, client: ClientRow): Promise<void> {
  await endGrantsOf(tx, client)
  await tx.remove(OAuthClient, client)
}
