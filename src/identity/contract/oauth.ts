import { z } from 'zod'
import { defaulted, entity, optional, required, secret, stored } from '../../core/declare/entity.ts'
import { checkMessage, type Message } from '../../core/declare/message.ts'
import { operation } from '../../core/declare/operation.ts'
import { wrong } from '../../core/declare/value-messages.ts'
import { Id, Instant, Line } from '../../core/declare/values.ts'
import { keyProblem } from './key-strength.ts'
import { messages } from './messages.ts'
import { LONGEST_REDIRECT, MOST_REDIRECTS, redirectProblem } from './redirects.ts'
import { SCOPES } from './scopes.ts'

export const MOST_CLIENTS = 10

const NAMES = SCOPES.map(({ scope }) => scope)

/** A scope that can be granted to a program. */
export const GrantScope = z.enum(NAMES as [string, ...string[]], {
  error: messages.scope.key,
})

/** A custom issue for a check of our own. */
const issueOf = ({ key, params }: Message) => ({ code: 'custom', message: key, params }) as const

/** A redirect address of a program. */
export const RedirectUri = z
  .string()
  .max(LONGEST_REDIRECT, { error: messages.incompleteAddress.key, abort: true })
  .superRefine((uri, { addIssue }) => {
    const problem = redirectProblem(uri)
    if (problem) addIssue(issueOf(problem))
  })

const Scopes = z
  .array(GrantScope)
  .min(1, { error: messages.noScope.key })
  .max(NAMES.length)
  .overwrite((scopes) => [...new Set(scopes)].sort())

const RedirectUris = z
  .array(RedirectUri)
  .max(MOST_REDIRECTS)
  .overwrite((uris) => [...new Set(uris)])

const MOST_KEY_MEMBERS = 50
const KeyText = z.string().max(10_000)

/** A member of a JSON Web Key (RFC 7517 section 4): strings and lists of strings; some programs add numbers. */
const KeyMember = z.union([KeyText, z.array(KeyText).max(20), z.number(), z.boolean()], {
  error: messages.keyMember.key,
})

/**
 * Public keys as a JSON Web Key Set (RFC 7517 section 5), with which a program authenticates instead of with a secret.
 */
export const PublicKeys = z.object({
  keys: z
    .array(
      z
        .object({ kty: z.enum(['RSA', 'EC', 'OKP'], { error: messages.keyKind.key }) })
        .catchall(KeyMember)
        .refine(
          (key) => Object.keys(key).length <= MOST_KEY_MEMBERS,
          checkMessage(wrong.tooManyNames({ maximum: MOST_KEY_MEMBERS })),
        )
        .superRefine((key, { addIssue }) => {
          const problem = keyProblem(key)
          if (problem) addIssue(issueOf(problem))
        })
        .meta({ maxProperties: MOST_KEY_MEMBERS }),
    )
    .min(1)
    .max(5),
})

/** A program that a person added under Settings, to request access with its own secret or key. */
export const OAuthClient = entity({
  name: 'oauth_client',
  table: 'oauth_clients',
  space: 'user',
  spaceKey: 'user_id',
  givesAccess: true,
  fields: {
    id: stored(Id),
    user_id: stored(Id),
    client_id: stored(z.string()).describe('Id by which the program identifies itself.'),
    name: required(Line(100)).describe('Name of the program, as shown when it requests access.'),
    redirect_uris: defaulted(RedirectUris, []).describe(
      'Addresses that the browser may be redirected to. http://localhost stands for any port and path on the machine of the browser.',
    ),
    scopes: required(Scopes).describe('All scopes that the program can be granted. Cannot be changed later.'),
    public_keys: optional(PublicKeys).describe(
      'JSON Web Key Set with which the program signs (private_key_jwt), instead of a secret.',
    ),
    secret_hash: secret(z.string().nullable()),
    created_at: stored(Instant),
  },
})

/**
 * The access that a person granted to a program. Removing the row ends its tokens and sessions, at once and everywhere.
 */
export const OAuthGrant = entity({
  name: 'oauth_grant',
  table: 'oauth_grants',
  space: 'user',
  spaceKey: 'user_id',
  givesAccess: true,
  fields: {
    id: stored(Id),
    user_id: stored(Id),
    kind: stored(z.enum(['consent', 'machine'])).describe(
      'consent: the person consented in the browser. machine: the program logs in by itself, as its owner.',
    ),
    client_id: stored(z.string()),
    client_name: stored(z.string()),
    redirect_host: optional(z.string()).describe('Host of redirect_uri; null for a machine.'),
    redirect_uri: optional(z.string()).describe(
      'Exact redirect address for which the consent is remembered; null for a machine, or when it was not stored.',
    ),
    resource: stored(z.string()).describe('Address for which the tokens are valid: that of /mcp.'),
    scopes: stored(z.array(z.string())),
    created_at: stored(Instant),
    last_used_at: stored(Instant.nullable()),
  },
})

/**
 * A program that registered itself (RFC 7591). The authorization server writes the row; the change log records its end.
 */
export const OAuthRegistration = entity({
  name: 'oauth_registration',
  table: 'oauth_registrations',
  space: 'instance',
  spaceKey: null,
  givesAccess: true,
  fields: {
    id: stored(Id),
    client_id: stored(z.string()),
    metadata: secret(z.string()),
    created_at: stored(Instant),
    used_at: stored(Instant.nullable()),
  },
})

const { user_id: _, ...grantShape } = OAuthGrant.row.shape
export const GrantCard = z.object({
  ...grantShape,
  changes: z.int().describe('Number of rows changed with it.'),
})

const { user_id: __, ...clientShape } = OAuthClient.row.shape
export const ClientCard = z.object({
  ...clientShape,
  machine: z.boolean().describe('Whether it may log in by itself, as its owner (client_credentials).'),
})

const done = z.object({ success: z.literal(true) })
const nothing = z.object({})
const machine = z.boolean().describe('Whether it may log in by itself, as you, without a browser (client_credentials).')
const inClient = z.object({ clientId: Id.describe('The `id` of a client from list_oauth_clients.') })
const inGrant = z.object({ grantId: Id.describe('Grant id, from list_oauth_grants.') })
const mine = { scope: null, expose: ['rest'] } as const
const secretShown = z
  .string()
  .nullable()
  .describe('The secret itself. Store it now: it cannot be shown again. Null when the client uses keys.')

export const list_oauth_clients = operation({
  ...mine,
  name: 'list_oauth_clients',
  title: 'List own OAuth clients',
  description: 'The OAuth clients that the caller added, newest first. Their secrets are not stored.',
  effect: 'read',
  route: 'GET /me/oauth-clients',
  input: nothing,
  output: z.object({ clients: z.array(ClientCard) }),
})

export const create_oauth_client = operation({
  ...mine,
  name: 'create_oauth_client',
  undo: 'access',
  title: 'Add an OAuth client',
  description:
    'Add a program that may request access from the caller. Its secret is shown only in this answer. At most 10 for each user.',
  effect: 'create',
  route: 'POST /me/oauth-clients',
  input: OAuthClient.create.extend({ machine: machine.default(false) }),
  shownOnce: ['client_secret'],
  output: z.object({ client: ClientCard, client_secret: secretShown }),
})

export const update_oauth_client = operation({
  ...mine,
  name: 'update_oauth_client',
  undo: 'access',
  title: 'Change an OAuth client',
  description:
    'Change the name or redirect addresses of a client, or whether it may log in by itself. Its scopes cannot be changed.',
  effect: 'update',
  route: 'PATCH /me/oauth-clients/:clientId',
  input: inClient
    .extend(OAuthClient.patch.pick({ name: true, redirect_uris: true }).shape)
    .extend({ machine: machine.optional() }),
  output: z.object({ client: ClientCard }),
})

export const rotate_oauth_secret = operation({
  ...mine,
  name: 'rotate_oauth_secret',
  undo: 'access',
  title: 'Give an OAuth client a new secret',
  description: 'Make a new secret for a client. The old one, and every token of the client, end at once.',
  effect: 'update',
  route: 'POST /me/oauth-clients/:clientId/secret',
  input: inClient,
  shownOnce: ['client_secret'],
  output: z.object({ client: ClientCard, client_secret: secretShown }),
})

export const delete_oauth_client = operation({
  ...mine,
  name: 'delete_oauth_client',
  undo: 'access',
  title: 'Delete an OAuth client',
  description: 'Delete a client of the caller. All its grants end at once.',
  effect: 'destroy',
  route: 'DELETE /me/oauth-clients/:clientId',
  input: inClient,
  output: done,
})

export const list_oauth_grants = operation({
  ...mine,
  name: 'list_oauth_grants',
  title: 'List connected assistants',
  description: 'The programs that may act for the caller, with their scopes, most recently used first.',
  effect: 'read',
  route: 'GET /me/grants',
  input: nothing,
  output: z.object({ grants: z.array(GrantCard) }),
})

export const revoke_oauth_grant = operation({
  ...mine,
  name: 'revoke_oauth_grant',
  undo: 'access',
  title: 'Disconnect an assistant',
  description: 'Revoke the access of a program. Its tokens and sessions end at once.',
  effect: 'destroy',
  route: 'DELETE /me/grants/:grantId',
  input: inGrant,
  output: done,
})

export const list_grant_changes = operation({
  ...mine,
  name: 'list_grant_changes',
  title: 'See what an assistant changed',
  description: 'Changes made with a grant of the caller, newest first.',
  effect: 'read',
  route: 'GET /me/grants/:grantId/changes',
  input: inGrant,
  output: z.object({
    changes: z.array(
      z.object({
        at: Instant,
        operation: z.string().describe('Name of the tool that was called.'),
        title: z.string().describe('What the tool does, in words.'),
        trip_id: Id.nullable().describe('Id of the trip that it changed; null for the caller’s own data.'),
        rows: z.int().describe('Number of rows it changed.'),
      }),
    ),
  }),
  pages: 'changes',
})

export const get_mcp_access = operation({
  ...mine,
  name: 'get_mcp_access',
  title: 'See how assistants connect',
  description: 'The address under which assistants find this server, and whether they can connect at all.',
  effect: 'read',
  route: 'GET /me/mcp',
  input: nothing,
  output: z.object({
    url: z.string().describe('The address to give to an assistant.'),
    enabled: z.boolean().describe('Whether the add-on for assistants is switched on.'),
    is_public: z.boolean().describe('Whether APP_URL is set, so that the address works from other machines.'),
  }),
})

export const create_web_token = operation({
  ...mine,
  name: 'create_web_token',
  undo: 'access',
  title: 'Get a token for a page of the app',
  description:
    'A token with which a page of the app can call /mcp for ten minutes. It ends with the log-in of the browser.',
  effect: 'create',
  route: 'POST /me/web-token',
  input: nothing,
  shownOnce: ['token'],
  output: z.object({ token: z.string(), expires_in: z.int().describe('Lifetime of the token, in seconds.') }),
})
