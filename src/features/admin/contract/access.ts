import { z } from 'zod'
import { administration, operation } from '../../../core/declare/operation.ts'
import { Id, Instant, Line } from '../../../core/declare/values.ts'
import { TokenCard } from '../../../identity/contract/index.ts'
import { GrantCard } from '../../../identity/contract/oauth.ts'
import { Person } from '../../../identity/contract/person.ts'

/** All credentials and programs with access to this instance, for administrators to list and end. No secrets. */
const forAdmins = { scope: null, permission: administration, expose: ['rest'] } as const

const some = z.object({
  user_id: Id.optional().describe('Only those of this user, by id from list_users.'),
  search: Line(100)
    .optional()
    .describe('Only those where the name of the user, program or token contains this text; case is ignored.'),
})

const done = z.object({ success: z.literal(true) })

const ProgramCard = z.object({
  id: z.string().describe('The client_id by which the program identifies itself.'),
  name: z.string(),
  source: z
    .enum(['settings', 'registered', 'document'])
    .describe(
      'settings: pre-created by a person under Settings. registered: registered by itself. document: described by a document on its own site.',
    ),
  owner: Person.nullable().describe('The person who pre-created it; null for other sources.'),
  redirect_hosts: z.array(z.string()).describe('Where browsers are redirected to: hosts, or URL schemes of programs.'),
  created_at: Instant.describe('When it was added, registered or first granted access.'),
  last_used_at: Instant.nullable(),
  grants: z.int().describe('Number of its grants, over all users.'),
})

export const list_all_static_tokens = operation({
  ...forAdmins,
  name: 'list_all_static_tokens',
  title: 'List everybody’s API tokens',
  description: 'The static tokens of all users, newest first. The tokens themselves are not stored.',
  effect: 'read',
  route: 'GET /admin/tokens',
  input: some,
  output: z.object({ tokens: z.array(TokenCard.extend({ user: Person })) }),
  pages: 'tokens',
})

export const revoke_any_static_token = operation({
  ...forAdmins,
  name: 'revoke_any_static_token',
  title: 'Revoke somebody’s API token',
  description: 'End a static token of any user, with all its sessions, at once.',
  effect: 'destroy',
  route: 'DELETE /admin/tokens/:tokenId',
  input: z.object({ tokenId: Id.describe('Token id, from list_all_static_tokens.') }),
  output: done,
})

export const list_all_oauth_grants = operation({
  ...forAdmins,
  name: 'list_all_oauth_grants',
  title: 'List everybody’s connected assistants',
  description: 'The grants of all users: which programs may act for them, with which scopes, most recently used first.',
  effect: 'read',
  route: 'GET /admin/grants',
  input: some,
  output: z.object({ grants: z.array(GrantCard.extend({ user: Person })) }),
  pages: 'grants',
})

export const revoke_any_oauth_grant = operation({
  ...forAdmins,
  name: 'revoke_any_oauth_grant',
  title: 'Disconnect somebody’s assistant',
  description: 'Revoke the access that any user gave to a program. Its tokens and sessions end at once.',
  effect: 'destroy',
  route: 'DELETE /admin/grants/:grantId',
  input: z.object({ grantId: Id.describe('Grant id, from list_all_oauth_grants.') }),
  output: done,
})

export const list_all_oauth_clients = operation({
  ...forAdmins,
  name: 'list_all_oauth_clients',
  title: 'List all OAuth clients',
  description:
    'All clients, newest first: those that users pre-created, those that registered themselves, and those known by a document that hold a grant.',
  effect: 'read',
  route: 'GET /admin/oauth-clients',
  input: some.extend({
    user_id: Id.optional().describe(
      'Only clients that this user pre-created or granted access, by id from list_users.',
    ),
  }),
  output: z.object({ clients: z.array(ProgramCard) }),
  pages: 'clients',
})

export const delete_any_oauth_client = operation({
  ...forAdmins,
  name: 'delete_any_oauth_client',
  title: 'Delete any OAuth client',
  description:
    'Delete a client, whoever added it. All its grants end at once, for all users. A client that registers itself can register again.',
  effect: 'destroy',
  route: 'DELETE /admin/oauth-clients',
  // An id can be an address, which not every proxy passes on unchanged in a path.
  input: z.object({ client_id: Line(2000).describe('Client id, from list_all_oauth_clients.') }),
  output: done,
})
