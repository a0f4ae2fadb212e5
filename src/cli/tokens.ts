import { create_static_token, revoke_static_token, StaticToken, User } from '../identity/contract/index.ts'
import { actingFor, personNamed } from './callers.ts'
import { type Command, needed, table } from './command.ts'
import { messages } from './messages.ts'

const isId = (text: string): boolean => /^[1-9]\d*$/.test(text) && Number.isSafeInteger(Number(text))

export const tokenCommands: readonly Command[] = [
  {
    name: 'token create',
    says: 'Create a static token for a program. It is shown only once.',
    options: {
      user: { value: 'username', says: 'The user that the program acts for.', needed: true },
      name: { value: 'what it is for', says: 'The name of the token in lists.', needed: true },
    },
    examples: ['token create --user ana --name laptop'],
    async run(context, values) {
      const name = needed(values, 'name')
      const user = needed(values, 'user')
      const { pipeline, database } = await context.product()
      const owner = await personNamed(database, user)
      const caller = actingFor(owner.user_id, owner.name)
      const { token, static_token } = await pipeline.run(create_static_token, { name }, caller)
      return {
        json: { id: static_token.id, name: static_token.name, token, user: owner.username },
        lines: [
          `id     ${static_token.id}`,
          `name   ${static_token.name}`,
          `token  ${token}`,
          'Copy the token now: it is shown only once.',
        ],
      }
    },
  },
  {
    name: 'token list',
    says: 'List the static tokens of all users or of one.',
    options: { user: { value: 'username', says: 'The owner of the tokens. By default all users.' } },
    async run(context, values) {
      const { database } = await context.product()
      const owner = typeof values.user === 'string' ? await personNamed(database, values.user) : null
      const read = await database.read(async (tx) => ({
        tokens: await tx.list(StaticToken, owner ? { user_id: owner.user_id } : {}),
        users: await tx.list(User, owner ? { id: owner.user_id } : {}),
      }))
      const names = new Map(read.users.map(({ id, username }) => [id, username]))
      const tokens = read.tokens.map(({ user_id, ...token }) => ({ ...token, user: names.get(user_id) ?? '' }))
      const rows = tokens.map(({ id, user, name, prefix, last_used_at }) => [
        String(id),
        user,
        `${prefix}…`,
        last_used_at ? `used ${last_used_at}` : 'never used',
        name,
      ])
      return { json: { tokens }, lines: tokens.length ? table(rows) : ['There are no tokens.'] }
    },
  },
  {
    name: 'token revoke',
    says: 'Revoke a static token at once.',
    options: {},
    operands: [
      {
        name: 'id',
        says: 'The id of the token, as in trek token list.',
        problem: (value) => (isId(value) ? null : `${value} is not the id of a token; trek token list shows them.`),
      },
    ],
    examples: ['token revoke 3'],
    async run(context, _values, [operand = '']) {
      const tokenId = Number(operand)
      const { pipeline, database } = await context.product()
      const token = await database.read((tx) => tx.find(StaticToken, { id: tokenId }))
      if (!token) throw messages.noToken({ id: tokenId })
      await pipeline.run(revoke_static_token, { tokenId }, actingFor(token.user_id, 'command line'))
      return {
        json: { revoked: { id: tokenId, name: token.name } },
        lines: [`The token ${token.name} (${token.prefix}…) was revoked.`],
      }
    },
  },
]
