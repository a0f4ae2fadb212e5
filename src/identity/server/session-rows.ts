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
const hashed = <A extends Asked>(query: A): A =>
  query.model === 'session' && query.where
    ? { ...query, where: query.where.map((one) => (isToken(one) ? { ...one, value: hashOf(one.value) } : one)) }
    : query

/** The answer with the token of its query. */
function restored<R>({ model, where = [] }: Asked, row: R): R {
  const token = model === 'session' ? where.find(isToken)?.value : undefined
  return row && typeof token === 'string' ? { ...row, token } : row
}

function hashing(rows: Inside): Partial<Inside> {
  const { create, findOne, findMany, count, update, updateMany, delete: remove, deleteMany } = rows
  return {
    async create(query) {
      const { model, data } = query as { model: string; data: { token?: unknown } }
      if (model !== 'session' || typeof data.token !== 'string') return create(query)
      const { token } = data
      const row = await create({ ...query, data: { ...query.data, token: hashToken(token) } })
      return { ...(row as object), token } as never
    },
    findOne: async (query) => restored(query, await findOne(hashed(query))) as never,
    findMany: (query) => findMany(hashed(query)),
    count: (query) => count(hashed(query)),
    update: async (query) => restored(query, await update(hashed(query))) as never,
    updateMany: (query) => updateMany(hashed(query)),
    delete: (query) => remove(hashed(query)),
    deleteMany: (query) => deleteMany(hashed(query)),
  }
}
