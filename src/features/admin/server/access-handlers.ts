import { implement } from '../../../core/run/feature.ts'
import { StaticToken } from '../../../identity/contract/index.ts'
import { OAuthGrant } from '../../../identity/contract/oauth.ts'
import {
  listClientsOfAll,
  listGrantsOfAll,
  listTokensOfAll,
  removeClientOfAll,
} from '../../../identity/server/index.ts'
import * as contract from '../contract/access.ts'
import { messages } from '../contract/messages.ts'

export const accessHandlers = implement(contract, {
  list_all_static_tokens: async ({ tx, input }) => {
    const tokens = await listTokensOfAll(tx, input.user_id)
    return { tokens: tokens.filter(({ name, user }) => holds(input.search, name, user.name, user.username)) }
  },

  revoke_any_static_token: async ({ tx, input }) => {
    const token = await tx.find(StaticToken, { id: input.tokenId })
    if (!token) throw messages.tokenNotFound()
    await tx.remove(StaticToken, token)
    return { success: true }
  },

  list_all_oauth_grants: async ({ tx, input }) => {
    const grants = await listGrantsOfAll(tx, input.user_id)
    return {
      grants: grants.filter(({ client_name, user }) => holds(input.search, client_name, user.name, user.username)),
    }
  },

  revoke_any_oauth_grant: async ({ tx, input }) => {
    const grant = await tx.find(OAuthGrant, { id: input.grantId })
    if (!grant) throw messages.grantNotFound()
    await tx.remove(OAuthGrant, grant)
    return { success: true }
  },

  list_all_oauth_clients: async ({ tx, input }) => {
    const clients = await listClientsOfAll(tx, input.user_id)
    return {
      clients: clients.filter(({ name, owner }) => holds(input.search, name, owner?.name, owner?.username)),
    }
  },

  delete_any_oauth_client: async ({ tx, input }) => {
    if (await removeClientOfAll(tx, input.client_id)) return { success: true }
    throw messages.clientNotFound()
  },
})

/** Whether one of these texts contains the search text, ignoring case; true without a search text. */
function holds(search: string | undefined, ...texts: (string | undefined)[]): boolean {
  const searched = search?.toLocaleLowerCase()
  return searched === undefined || texts.some((text) => text?.toLocaleLowerCase().includes(searched))
}
