import { z } from 'zod'
import { administration, operation } from '../../../core/declare/operation.ts'
import { Id, Instant, Line } from '../../../core/declare/values.ts'
import { TokenCard } from '../../../identity/contract/index.ts'
import { GrantCard } from '../../../identity/contract/oauth.ts'
import { Person } from '../../../identity/contract/person.ts'

/** All credentials and programs with access to this instance, for administrators to list and end. No secrets. */
const forAdmins = { scope: null, permission: administration, expose: ['rest'] } as const

const some = z.object({
  user_id: Id.optional().describe('Only what is this user’s.'),
  search: Line(100).optional().describe('Only where the name of the user or of the program holds this.'),
})

const done = z.object({ success: z.literal(true) })

const ProgramCard = z.object({
  id: z.string().describe('What the program calls itself when it asks: its client_id.'),
  name: z.string(),
  source: z
    .enum(['settings', 'registered', 'document'])
    .describe('Written down by its owner, registered by itself, or described by a document on its own site.'),
  owner: Person.nullable().describe('Who wrote it down.'),
  redirect_hosts: z.array(z.string()).describe('Where browsers are sent back to: hosts, or the schemes of programs.'),
  created_at: Instant.describe('When it became known here.'),
  last_used_at: Instant.nullable(),
  grants: z.int().describe('How many people’s installations of it are connected.'),
})

export const list_all_static_tokens = operation({
  ...forAdmins,
  name: 'list_all_static_tokens',
  title: 'List everybody’s tokens',
  description: 'The static tokens of all users, the newest first. The tokens themselves are not kept.',
  effect: 'read',
  route: 'GET /admin/tokens',
  input: some,
  output: z.object({ tokens: z.array(TokenCard.extend({ user: Person })) }),
  pages: 'tokens',
})

export const revoke_any_static_token = operation({
  ...forAdmins,
  name: 'revoke_any_static_token',
  title: 'Revoke somebody’s token',
  description: 'End a static token of any user, with all its sessions, at once.',
  effect: 'destroy',
  route: 'DELETE /admin/tokens/:tokenId',
  input: z.object({ tokenId: Id.describe('A token of list_all_static_tokens.') }),
  output: done,
})

export const list_all_oauth_grants = operation({
  ...forAdmins,
  name: 'list_all_oauth_grants',
  title: 'List everybody’s connected assistants',
  description: 'Which programs may act for which users, with what they may do, the one used last first.',
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
  input: z.object({ grantId: Id.describe('A grant of list_all_oauth_grants.') }),
  output: done,
})

export const list_all_oauth_clients = operation({
  ...forAdmins,
  name: 'list_all_oauth_clients',
  title: 'List all OAuth clients',
  description:
    'The programs that users wrote down, that registered themselves, or that somebody let in by their document, the newest first.',
  effect: 'read',
  route: 'GET /admin/oauth-clients',
  input: some.extend({ user_id: Id.optional().describe('Only what this user wrote down or let in.') }),
  output: z.object({ clients: z.array(ProgramCard) }),
  pages: 'clients',
})

export const delete_any_oauth_client = operation({
  ...forAdmins,
  name: 'delete_any_oauth_client',
  title: 'Delete any OAuth client',
  description:
    'Remove a program, whoever let it in. Everything it was granted by anybody ends at once. One that registers itself can do so again.',
  effect: 'destroy',
  route: 'DELETE /admin/oauth-clients',
  // An id can be an address, which not every proxy passes on unchanged in a path.
  input: z.object({ client_id: Line(2000).describe('The id of a client of list_all_oauth_clients.') }),
  output: done,
})
