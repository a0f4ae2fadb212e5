import { z } from 'zod'
import { entity, optional, required, secret, stored } from '../../core/declare/entity.ts'
import { operation } from '../../core/declare/operation.ts'
import { Id, Instant, Line, MessageKey } from '../../core/declare/values.ts'
import { messages } from './messages.ts'
import { GivenPassword, NewPassword } from './passwords.ts'

/** A user's role on this instance. */
export const Role = z.enum(['admin', 'user'])
export type Role = z.output<typeof Role>

/** The unique name used to log in; stored in lower case. */
export const Username = z
  .string()
  .max(100, { error: messages.username.key, abort: true })
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9_.-]{2,50}$/, { error: messages.username.key })

export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email())

/** A user with an account. A row is visible to its owner only; others see a `Person`. */
export const User = entity({
  name: 'user',
  table: 'users',
  space: 'user',
  spaceKey: 'id',
  fields: {
    id: stored(Id),
    username: required(z.string()).describe(
      'Username to log in with: 2 to 50 letters, digits, dots, dashes or underscores.',
    ),
    name: required(Line(100)).describe('The name that others see.'),
    email: required(z.string()).describe('E-mail address, which can also be used to log in.'),
    /** Used only by better-auth. */
    email_verified: secret(z.literal([0, 1])),
    image: optional(z.string()),
    role: stored(Role),
    banned: stored(z.boolean()),
    is_guest: stored(z.boolean()).describe(
      'Whether this is a guest of a trip: a traveller without an account, who can never log in.',
    ),
    created_at: stored(Instant),
    updated_at: stored(Instant),
  },
})

/** Login data as better-auth stores it: the hash of a password, or the tokens of another provider. */
export const Credential = entity({
  name: 'credential',
  table: 'credentials',
  space: 'user',
  spaceKey: 'user_id',
  givesAccess: true,
  fields: {
    id: stored(Id),
    user_id: stored(Id),
    provider_id: stored(z.string()),
    account_id: stored(z.string()),
    password: secret(z.string().nullable()),
    access_token: secret(z.string().nullable()),
    refresh_token: secret(z.string().nullable()),
    id_token: secret(z.string().nullable()),
    access_token_expires_at: secret(Instant.nullable()),
    refresh_token_expires_at: secret(Instant.nullable()),
    scope: secret(z.string().nullable()),
    created_at: stored(Instant),
    updated_at: stored(Instant),
  },
})

/** A browser's session. better-auth creates it; we end it, so that the change log records that. */
export const WebSession = entity({
  name: 'web_session',
  table: 'web_sessions',
  space: 'user',
  spaceKey: 'user_id',
  givesAccess: true,
  fields: {
    id: stored(Id),
    user_id: stored(Id),
    /** Its hash. */
    token: secret(z.string()),
    user_agent: optional(z.string()),
    ip_address: secret(z.string().nullable()),
    expires_at: secret(Instant),
    created_at: stored(Instant),
    updated_at: secret(Instant),
    last_used_at: secret(Instant.nullable()),
  },
})

/** A token that a program presents instead of logging in. */
export const StaticToken = entity({
  name: 'static_token',
  table: 'static_tokens',
  space: 'user',
  spaceKey: 'user_id',
  givesAccess: true,
  fields: {
    id: stored(Id),
    user_id: stored(Id),
    name: required(Line(100)).describe('What the token is for, such as the name of the computer it is used on.'),
    prefix: stored(z.string()).describe('First characters of the token, to recognise it.'),
    hash: secret(z.string()),
    created_at: stored(Instant),
    last_used_at: stored(Instant.nullable()),
  },
})

/** The subject of an audit entry; each has exactly one. */
export const AuditKind = z.enum(['log_ins', 'access', 'assistants', 'administration'])
export type AuditKind = z.output<typeof AuditKind>

const { user_id: _, ...tokenShape } = StaticToken.row.shape
export const TokenCard = z.object(tokenShape)

const nothing = z.object({})
const done = z.object({ success: z.literal(true) })

export const get_me = operation({
  name: 'get_me',
  title: 'Read own account',
  description: 'The account of the caller.',
  effect: 'read',
  scope: null,
  expose: ['rest'],
  route: 'GET /me',
  input: nothing,
  output: z.object({ user: User.row }),
})

export const update_me = operation({
  name: 'update_me',
  undo: 'access',
  title: 'Change own account',
  description: 'Change the name that others see.',
  effect: 'update',
  scope: null,
  expose: ['rest'],
  route: 'PATCH /me',
  input: User.patch.pick({ name: true }),
  output: z.object({ user: User.row }),
})

export const change_password = operation({
  name: 'change_password',
  undo: 'access',
  title: 'Change own password',
  description: 'Set a new password. Ends all other log-ins and all tokens of the caller.',
  effect: 'update',
  scope: null,
  ownWrites: { oauth: 'A new password ends all that the old one has let in.' },
  expose: ['rest'],
  route: 'POST /me/password',
  input: z.object({
    current_password: GivenPassword.describe('Current password.'),
    new_password: NewPassword.describe('New password, at least 8 characters.'),
  }),
  output: done,
})

export const list_sessions = operation({
  name: 'list_sessions',
  title: 'List own log-ins',
  description: 'Where the caller is logged in, newest first.',
  effect: 'read',
  scope: null,
  expose: ['rest'],
  route: 'GET /me/sessions',
  input: nothing,
  output: z.object({
    sessions: z.array(
      z.object({
        id: Id,
        device: z.string().describe('Browser and system, as the browser reports them.'),
        device_message: MessageKey.describe('The device for translation.'),
        ip_address: z.string().nullable(),
        created_at: Instant,
        last_used_at: Instant,
        expires_at: Instant,
        current: z.boolean().describe('Whether this request was made with this log-in.'),
      }),
    ),
  }),
})

export const revoke_session = operation({
  name: 'revoke_session',
  undo: 'access',
  title: 'End a log-in',
  description: 'Log out one browser of the caller, at once.',
  effect: 'destroy',
  scope: null,
  expose: ['rest'],
  route: 'DELETE /me/sessions/:sessionId',
  input: z.object({ sessionId: Id.describe('Log-in id, from list_sessions.') }),
  output: done,
})

export const list_static_tokens = operation({
  name: 'list_static_tokens',
  title: 'List own API tokens',
  description:
    'The static tokens of the caller, newest first. The tokens themselves are not stored and cannot be shown again.',
  effect: 'read',
  scope: null,
  expose: ['rest'],
  route: 'GET /me/tokens',
  input: nothing,
  output: z.object({ tokens: z.array(TokenCard) }),
})

export const create_static_token = operation({
  name: 'create_static_token',
  undo: 'access',
  title: 'Create an API token',
  description: 'Create a static token for a program. It is shown only in this answer. At most 10 for each user.',
  effect: 'create',
  scope: null,
  expose: ['rest'],
  route: 'POST /me/tokens',
  input: StaticToken.create,
  shownOnce: ['token'],
  output: z.object({
    static_token: TokenCard,
    token: z.string().describe('The token itself. Store it now: it cannot be shown again.'),
  }),
})

export const revoke_static_token = operation({
  name: 'revoke_static_token',
  undo: 'access',
  title: 'Revoke an API token',
  description: 'End a static token of the caller, at once.',
  effect: 'destroy',
  scope: null,
  expose: ['rest'],
  route: 'DELETE /me/tokens/:tokenId',
  input: z.object({ tokenId: Id.describe('Token id, from list_static_tokens.') }),
  output: done,
})
