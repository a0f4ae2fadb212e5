import type { kyselyAdapter } from '@better-auth/kysely-adapter'
import { hashToken } from './tokens.ts'

type Open = ReturnType<typeof kyselyAdapter>
type Rows = ReturnType<Open>
type Inside = Parameters<Parameters<Rows['transaction']>[0]>[0]
type Where = Parameters<Rows['delete']>[0]['where'][number]

/**
 * Stores only the hash of a web session's token, as for every other token: a reader of the database cannot use it.
 * better-auth knows the token whenever it requests a session, and gets it back in the answer.
 */
export const hashedSessions =
  (open: Open): Open =>
  (options) => {
    const rows = open(options)
    return {
      ...rows,
      ...hashing(rows),
      transaction: (work) => rows.transaction((inside) => work({ ...inside, ...hashing(inside) })),
    }
  }

const isToken = ({ field }: Where) => field === 'token'
const hashOf = (value: Where['value']): Where['value'] => {
  if (Array.isArray(value)) return value.map((one) => hashToken(String(one)))
  return hashToken(String(value))
}

type Asked = { model: string; where?: Where[] | undefined }

/** The query with hashed tokens. */
const hashed = <A extends Asked>(asked: A): A =>
  asked.model === 'session' && asked.where
    ? { ...asked, where: asked.where.map((one) => (isToken(one) ? { ...one, value: hashOf(one.value) } : one)) }
    : asked

/** The answer with the token of its query. */
function restored<R>({ model, where = [] }: Asked, row: R): R {
  const token = model === 'session' ? where.find(isToken)?.value : undefined
  return row && typeof token === 'string' ? { ...row, token } : row
}

function hashing(rows: Inside): Partial<Inside> {
  const { create, findOne, findMany, count, update, updateMany, delete: remove, deleteMany } = rows
  return {
    async create(asked) {
      const { model, data } = asked as { model: string; data: { token?: unknown } }
      if (model !== 'session' || typeof data.token !== 'string') return create(asked)
      const { token } = data
      const made = await create({ ...asked, data: { ...asked.data, token: hashToken(token) } })
      return { ...(made as object), token } as never
    },
    findOne: async (asked) => restored(asked, await findOne(hashed(asked))) as never,
    findMany: (asked) => findMany(hashed(asked)),
    count: (asked) => count(hashed(asked)),
    update: async (asked) => restored(asked, await update(hashed(asked))) as never,
    updateMany: (asked) => updateMany(hashed(asked)),
    delete: (asked) => remove(hashed(asked)),
    deleteMany: (asked) => deleteMany(hashed(asked)),
  }
}
