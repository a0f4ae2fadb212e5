import { z } from 'zod'
import { administration, LEVELS, operation } from '../../../core/declare/operation.ts'
import { Id, Instant, Line } from '../../../core/declare/values.ts'
import { AuditKind, Email, Role, User, Username } from '../../../identity/contract/index.ts'
import { NewPassword } from '../../../identity/contract/passwords.ts'

export * from './access.ts'

const forAdmins = { scope: null, permission: administration, expose: ['rest'] } as const

const AddonState = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  default: z.boolean().describe('Whether it is on in a new instance.'),
  enabled: z.boolean(),
})

const PermissionState = z.object({
  name: z.string(),
  title: z.string(),
  default: z.enum(LEVELS),
  levels: z.array(z.enum(LEVELS)).describe('The levels it can be set to.'),
  level: z.enum(LEVELS).describe('The current level: who has the permission.'),
})

const done = z.object({ success: z.literal(true) })
const inUser = z.object({ userId: Id.describe('User id, from list_users.') })
const one = z.object({ user: User.row })

export const get_instance = operation({
  name: 'get_instance',
  title: 'See what this server offers',
  description:
    'Which add-ons are on, who has which permission, and what the server can look up, so that an app knows what to show.',
  effect: 'read',
  scope: null,
  expose: ['rest'],
  route: 'GET /instance',
  input: z.object({}),
  output: z.object({
    addons: z.array(z.string()).describe('Names of the add-ons that are on.'),
    permissions: z.record(z.string(), z.enum(LEVELS)).describe('The level of each permission, by permission name.'),
    finds_only_towns: z.boolean().describe('Whether search_place finds towns only, and neither sights nor addresses.'),
    looks_up_rates: z.boolean().describe('Whether the server looks up exchange rates.'),
  }),
})

export const list_addons = operation({
  ...forAdmins,
  name: 'list_addons',
  title: 'List add-ons',
  description: 'The parts of the product that can be switched on and off.',
  effect: 'read',
  route: 'GET /admin/addons',
  input: z.object({}),
  output: z.object({ addons: z.array(AddonState) }),
})

export const update_addon = operation({
  ...forAdmins,
  name: 'update_addon',
  title: 'Switch an add-on on or off',
  description: 'Switch an add-on on or off, for everybody and at once.',
  effect: 'update',
  route: 'PATCH /admin/addons/:name',
  input: z.object({
    name: Line(100).describe('Add-on name, from list_addons.'),
    enabled: z.boolean().describe('true switches it on, false off.'),
  }),
  output: z.object({ addon: AddonState }),
})

export const list_permissions = operation({
  ...forAdmins,
  name: 'list_permissions',
  title: 'List permissions',
  description: 'All permissions with their levels: who may do what.',
  effect: 'read',
  route: 'GET /admin/permissions',
  input: z.object({}),
  output: z.object({ permissions: z.array(PermissionState) }),
})

export const update_permission = operation({
  ...forAdmins,
  name: 'update_permission',
  title: 'Change a permission',
  description: 'Set the level of a permission: who has it. Takes effect at once.',
  effect: 'update',
  route: 'PATCH /admin/permissions/:name',
  input: z.object({
    name: Line(100).describe('Permission name, from list_permissions.'),
    level: z.enum(LEVELS).describe('New level, one of the permission’s levels.'),
  }),
  output: z.object({ permission: PermissionState }),
})

export const list_users = operation({
  ...forAdmins,
  name: 'list_users',
  title: 'List users',
  description: 'Everybody who has an account.',
  effect: 'read',
  route: 'GET /admin/users',
  input: z.object({}),
  output: z.object({ users: z.array(User.row) }),
  pages: 'users',
})

export const create_user = operation({
  ...forAdmins,
  name: 'create_user',
  title: 'Add a user',
  description: 'Create an account that somebody can log in with.',
  effect: 'create',
  route: 'POST /admin/users',
  input: z.object({
    username: Username.describe('Username to log in with: 2 to 50 letters, digits, dots, dashes or underscores.'),
    email: Email.describe('E-mail address, which can also be used to log in.'),
    password: NewPassword.describe('Initial password, at least 8 characters.'),
    name: Line(100).optional().describe('The name that others see. Default: the username.'),
    role: Role.default('user').describe('Role: user, or admin, who may also run the instance.'),
  }),
  output: one,
})

export const update_user = operation({
  ...forAdmins,
  name: 'update_user',
  title: 'Change a user',
  description:
    'Change the names, the role, or whether the account is blocked. Blocking ends every log-in and token of the user at once.',
  effect: 'update',
  route: 'PATCH /admin/users/:userId',
  input: inUser.extend({
    username: Username.optional().describe('New username: 2 to 50 letters, digits, dots, dashes or underscores.'),
    email: Email.optional().describe('New e-mail address.'),
    name: Line(100).optional().describe('New name that others see.'),
    role: Role.optional().describe('Role: user, or admin, who may also run the instance.'),
    banned: z.boolean().optional().describe('Whether the account is blocked.'),
  }),
  output: one,
})

export const set_user_password = operation({
  ...forAdmins,
  name: 'set_user_password',
  title: 'Set a user’s password',
  description: 'Set a new password for a user. Ends every log-in and token of the user at once.',
  effect: 'update',
  route: 'POST /admin/users/:userId/password',
  input: inUser.extend({ password: NewPassword.describe('New password, at least 8 characters.') }),
  output: done,
})

export const delete_user = operation({
  ...forAdmins,
  name: 'delete_user',
  title: 'Delete a user',
  description: 'Delete an account and everything that belongs to it alone. This cannot be undone; blocking can.',
  effect: 'destroy',
  route: 'DELETE /admin/users/:userId',
  input: inUser,
  output: done,
})

export const list_audit = operation({
  ...forAdmins,
  name: 'list_audit',
  title: 'Read the audit log',
  description:
    'Log-ins, changes to accounts, what programs were granted and refused, and the tools that assistants called, newest first.',
  effect: 'read',
  route: 'GET /admin/audit',
  input: z.object({
    before: Id.optional().describe('Only entries older than this one: the id of the last entry of the previous page.'),
    user_id: Id.optional().describe('Only entries of this user, by id from list_users.'),
    event: Line(100).optional().describe('Only entries of this event, such as log_in or the name of a tool.'),
    kind: AuditKind.optional().describe(
      'Only entries about log-ins and accounts (log_ins), access of programs (access), tool calls (assistants), or the instance.',
    ),
    client: Line(300).optional().describe('Only entries of this program, by its name as the log shows it.'),
    refused: z.boolean().optional().describe('true: only failures and refusals. false: only successes.'),
    since: Instant.optional().describe('Only entries from this moment on.'),
    until: Instant.optional().describe('Only entries before this moment.'),
    limit: z.int().min(1).max(500).default(100).describe('Maximum number of entries. Default: 100.'),
  }),
  output: z.object({
    entries: z.array(
      z.object({
        id: Id,
        at: Instant,
        event: z.string(),
        title: z.string().describe('The event in words.'),
        subject: z.string().nullable().describe('What it was about: the name of a backup; null for other events.'),
        kind: AuditKind,
        outcome: z.string().describe('ok, or the error code.'),
        user_id: Id.nullable(),
        username: z.string().nullable().describe('Null when the user is unknown or deleted.'),
        way: z
          .string()
          .describe('How the request came in: web, rest, mcp or cli; oauth for a program that requests access.'),
        client: z.string().nullable(),
        grant_id: z.string().nullable().describe('What authorized the request, such as session:5, token:7 or grant:9.'),
        ip_address: z.string().nullable(),
        count: z
          .int()
          .describe(
            'Number of events in this entry. Usually 1; reads by assistants, and frequent events of callers who are not logged in, are counted by the hour.',
          ),
      }),
    ),
  }),
})
