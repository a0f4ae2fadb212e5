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
  fields: {
    id: stored(Id),
    user_id: stored(Id),
    client_id: stored(z.string()).describe('What the program calls itself when it asks.'),
    name: required(Line(100)).describe('The name of the program, as it is shown when it asks.'),
    redirect_uris: defaulted(RedirectUris, []).describe(
      'Where the program may be sent back to. http://localhost stands for any port and path of the own machine.',
    ),
    scopes: required(Scopes).describe('What the program may at most be granted. Cannot be changed later.'),
    public_keys: optional(PublicKeys).describe(
      'A JSON Web Key Set with which the program signs (private_key_jwt), instead of a secret.',
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
  fields: {
    id: stored(Id),
    user_id: stored(Id),
    kind: stored(z.enum(['consent', 'machine'])).describe(
      'consent: the person said yes in the browser. machine: the program logs in by itself, as its owner.',
    ),
    client_id: stored(z.string()),
    client_name: stored(z.string()),
    redirect_host: optional(z.string()).describe('Where the program was sent back to; null for a machine.'),
    redirect_uri: optional(z.string()).describe(
      'The exact address of that, for which the consent is remembered; null for a machine, and where it was not kept.',
    ),
    resource: stored(z.string()).describe('What the tokens are good for: the address of /mcp.'),
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
  changes: z.int().describe('How many rows were changed with it.'),
})

const { user_id: __, ...clientShape } = OAuthClient.row.shape
export const ClientCard = z.object({
  ...clientShape,
  machine: z.boolean().describe('Whether it may log in by itself, as its owner (client_credentials).'),
})

const done = z.object({ success: z.literal(true) })
const nothing = z.object({})
const machine = z.boolean().describe('Whether it may log in by itself, as you, without a browser (client_credentials).')
const inClient = z.object({ clientId: Id.describe('A client of list_oauth_clients.') })
const inGrant = z.object({ grantId: Id.describe('A grant of list_oauth_grants.') })
const mine = { scope: null, expose: ['rest'] } as const
const secretShown = z
  .string()
  .nullable()
  .describe('The secret itself: keep it now, it cannot be shown again. Null where keys are used.')

export const list_oauth_clients = operation({
  ...mine,
  name: 'list_oauth_clients',
  title: 'List my OAuth clients',
  description: 'The programs that the caller wrote down, the newest first. Their secrets are not kept.',
  effect: 'read',
  route: 'GET /me/oauth-clients',
  input: nothing,
  output: z.object({ clients: z.array(ClientCard) }),
})

export const create_oauth_client = operation({
  ...mine,
  name: 'create_oauth_client',
  title: 'Add an OAuth client',
  description:
    'Write down a program that may ask the caller for access. Its secret is in this answer and never again. At most 10 for each user.',
  effect: 'create',
  route: 'POST /me/oauth-clients',
  input: OAuthClient.create.extend({ machine: machine.default(false) }),
  shownOnce: ['client_secret'],
  output: z.object({ client: ClientCard, client_secret: secretShown }),
})

export const update_oauth_client = operation({
  ...mine,
  name: 'update_oauth_client',
  title: 'Change an OAuth client',
  description: 'Change the name, the addresses, or whether it may log in by itself. Its scopes stay as they are.',
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
  title: 'Give a client another secret',
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
  title: 'Delete an OAuth client',
  description: 'Remove a client of the caller. Everything it was granted ends at once.',
  effect: 'destroy',
  route: 'DELETE /me/oauth-clients/:clientId',
  input: inClient,
  output: done,
})

export const list_oauth_grants = operation({
  ...mine,
  name: 'list_oauth_grants',
  title: 'List connected assistants',
  description: 'Which programs may act for the caller, with what they may do, the one used last first.',
  effect: 'read',
  route: 'GET /me/grants',
  input: nothing,
  output: z.object({ grants: z.array(GrantCard) }),
})

export const revoke_oauth_grant = operation({
  ...mine,
  name: 'revoke_oauth_grant',
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
  description: 'What was changed with a grant of the caller, the latest first.',
  effect: 'read',
  route: 'GET /me/grants/:grantId/changes',
  input: inGrant,
  output: z.object({
    changes: z.array(
      z.object({
        at: Instant,
        operation: z.string().describe('The tool that was called.'),
        title: z.string().describe('What the tool does, in words.'),
        trip_id: Id.nullable().describe('The trip it was done in; null for what is the caller’s own.'),
        rows: z.int().describe('How many rows it changed.'),
      }),
    ),
  }),
  pages: 'changes',
})

export const get_mcp_access = operation({
  ...mine,
  name: 'get_mcp_access',
  title: 'See how assistants connect',
  description: 'The address under which assistants find this server, and whether they can come in at all.',
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
  title: 'Connect the page to /mcp',
  description:
    'A token with which a page of the app speaks to /mcp for ten minutes. It ends with the log-in of the browser.',
  effect: 'create',
  route: 'POST /me/web-token',
  input: nothing,
  shownOnce: ['token'],
  output: z.object({ token: z.string(), expires_in: z.int().describe('Seconds.') }),
})
