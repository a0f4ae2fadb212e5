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
  levels: z.array(z.enum(LEVELS)).describe('The circles it can be given to.'),
  level: z.enum(LEVELS).describe('Who has it now.'),
})

const done = z.object({ success: z.literal(true) })
const inUser = z.object({ userId: Id.describe('A user of list_users.') })
const one = z.object({ user: User.row })

export const get_instance = operation({
  name: 'get_instance',
  title: 'See what this server offers',
  description:
    'Which add-ons are on, and which circle of people has which right: what an app shows and what it leaves out.',
  effect: 'read',
  scope: null,
  expose: ['rest'],
  route: 'GET /instance',
  input: z.object({}),
  output: z.object({
    addons: z.array(z.string()).describe('The names of those that are on.'),
    permissions: z.record(z.string(), z.enum(LEVELS)).describe('By name, the circle that has the right.'),
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
  title: 'Switch an add-on',
  description: 'Switch an add-on on or off, for everybody and at once.',
  effect: 'update',
  route: 'PATCH /admin/addons/:name',
  input: z.object({
    name: Line(100).describe('An add-on of list_addons.'),
    enabled: z.boolean().describe('Whether it is on from now on.'),
  }),
  output: z.object({ addon: AddonState }),
})

export const list_permissions = operation({
  ...forAdmins,
  name: 'list_permissions',
  title: 'List permissions',
  description: 'Which circle of people may do what.',
  effect: 'read',
  route: 'GET /admin/permissions',
  input: z.object({}),
  output: z.object({ permissions: z.array(PermissionState) }),
})

export const update_permission = operation({
  ...forAdmins,
  name: 'update_permission',
  title: 'Change a permission',
  description: 'Give a right to a wider or narrower circle, at once.',
  effect: 'update',
  route: 'PATCH /admin/permissions/:name',
  input: z.object({
    name: Line(100).describe('A permission of list_permissions.'),
    level: z.enum(LEVELS).describe('The circle that has it from now on; one of its levels.'),
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
  description: 'Make an account with which somebody can log in.',
  effect: 'create',
  route: 'POST /admin/users',
  input: z.object({
    username: Username.describe('The name to log in with: 2 to 50 letters, digits, dots, dashes or underscores.'),
    email: Email.describe('The e-mail address, which also serves to log in.'),
    password: NewPassword.describe('The first password: at least 8 characters.'),
    name: Line(100).optional().describe('The name that others see; the username when left out.'),
    role: Role.default('user').describe('admin may run the instance.'),
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
    username: Username.optional().describe('Another name to log in with.'),
    email: Email.optional().describe('Another e-mail address.'),
    name: Line(100).optional().describe('Another name that others see.'),
    role: Role.optional().describe('admin may run the instance.'),
    banned: z.boolean().optional().describe('Whether the account is blocked.'),
  }),
  output: one,
})

export const set_user_password = operation({
  ...forAdmins,
  name: 'set_user_password',
  title: 'Set a user’s password',
  description: 'Give a user another password. Ends every log-in and token of the user at once.',
  effect: 'update',
  route: 'POST /admin/users/:userId/password',
  input: inUser.extend({ password: NewPassword.describe('The password from now on: at least 8 characters.') }),
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
    'Log-ins, changes to accounts, what programs were granted and refused, and the tools that assistants called, the latest first.',
  effect: 'read',
  route: 'GET /admin/audit',
  input: z.object({
    before: Id.optional().describe('Only entries older than this one: the id of the last entry of the page before.'),
    user_id: Id.optional().describe('Only what this user did.'),
    event: Line(100).optional().describe('Only this event, such as log_in or the name of a tool.'),
    kind: AuditKind.optional().describe(
      'Only log-ins and accounts (log_ins), what lets programs in (access), tools (assistants), or what was done for the instance.',
    ),
    client: Line(300).optional().describe('Only what this program did, by the name it is shown with.'),
    refused: z.boolean().optional().describe('Only what went wrong or was refused; only what went well when false.'),
    since: Instant.optional().describe('Only from this moment on.'),
    until: Instant.optional().describe('Only before this moment.'),
    limit: z.int().min(1).max(500).default(100).describe('How many entries at most.'),
  }),
  output: z.object({
    entries: z.array(
      z.object({
        id: Id,
        at: Instant,
        event: z.string(),
        title: z.string().describe('The event in words.'),
        kind: AuditKind,
        outcome: z.string().describe('ok, or the code of the error.'),
        user_id: Id.nullable(),
        username: z.string().nullable().describe('Null when the user is unknown or deleted.'),
        way: z.string().describe('How they came in: web, rest, mcp, cli; oauth for a program that asks for access.'),
        client: z.string().nullable(),
        grant_id: z.string().nullable().describe('What let them in, as session:5, token:7 or grant:9.'),
        ip_address: z.string().nullable(),
        count: z
          .int()
          .describe(
            'How many it stands for. What strangers do is kept singly a few times an hour; the rest is counted.',
          ),
      }),
    ),
  }),
})
