import { randomBytes } from 'node:crypto'
import type { Output } from '../core/declare/operation.ts'
import type { Pipeline } from '../core/run/pipeline.ts'
import { create_user, list_users, set_user_password } from '../features/admin/contract/index.ts'
import { commandLine, personNamed } from './callers.ts'
import { type Command, needed, table, type Values } from './command.ts'

type User = Output<typeof list_users>['users'][number]

async function allUsers(pipeline: Pipeline): Promise<User[]> {
  const users: User[] = []
  let cursor: string | null | undefined
  do {
    const page: Output<typeof list_users> = await pipeline.run(list_users, cursor ? { cursor } : {}, commandLine)
    users.push(...page.users)
    cursor = page.next_cursor
  } while (cursor)
  return users
}

/** The given password, or a generated one, which is then shown. */
function passwordOf(values: Values): { password: string; generated: { password?: string } } {
  if (typeof values.password === 'string') return { password: values.password, generated: {} }
  const password = randomBytes(12).toString('base64url')
  return { password, generated: { password } }
}

const passwordLines = (generated: { password?: string }): string[] =>
  generated.password ? [`Password: ${generated.password}`, 'It is shown only once.'] : []

export const userCommands: readonly Command[] = [
  {
    name: 'user create',
    says: 'Create an account.',
    options: {
      username: { value: 'name', says: 'The name to log in with.', needed: true },
      email: { value: 'address', says: 'The e-mail address, also to log in with.', needed: true },
      password: { value: 'password', says: 'The password. By default one is generated and shown.' },
      name: { value: 'full name', says: 'The name that others see. By default the name to log in with.' },
      admin: { says: 'Create an administrator.' },
    },
    examples: ['user create --username ana --email ana@example.org --name "Ana Lima"'],
    async run(context, values) {
      const { password, generated } = passwordOf(values)
      const input = {
        username: needed(values, 'username'),
        email: needed(values, 'email'),
        password,
        ...(typeof values.name === 'string' && { name: values.name }),
        role: values.admin ? 'admin' : 'user',
      }
      const { pipeline } = await context.product()
      const { user } = await pipeline.run(create_user, input, commandLine)
      const kind = user.role === 'admin' ? 'administrator' : 'user'
      return {
        json: { user, ...generated },
        lines: [`The ${kind} ${user.username} <${user.email}> can log in now.`, ...passwordLines(generated)],
      }
    },
  },
  {
    name: 'user list',
    says: 'List all users.',
    options: {},
    async run(context) {
      const { pipeline } = await context.product()
      const users = await allUsers(pipeline)
      const rows = users.map((user) => [
        String(user.id),
        user.username,
        user.email,
        user.banned ? 'blocked' : user.role,
        user.name,
      ])
      return { json: { users }, lines: users.length ? table(rows) : ['There are no users.'] }
    },
  },
  {
    name: 'user set-password',
    says: 'Set a new password, and end all sessions and tokens of the user.',
    options: {
      username: { value: 'name', says: 'The user name or e-mail address of the user.', needed: true },
      password: { value: 'password', says: 'The new password. By default one is generated and shown.' },
    },
    examples: ['user set-password --username ana'],
    async run(context, values) {
      const name = needed(values, 'username')
      const { pipeline, database } = await context.product()
      const { user_id: userId, username } = await personNamed(database, name)
      const { password, generated } = passwordOf(values)
      await pipeline.run(set_user_password, { userId, password }, commandLine)
      return {
        json: { user: { id: userId, username }, ...generated },
        lines: [`${username} has a new password, and is logged out everywhere.`, ...passwordLines(generated)],
      }
    },
  },
]
