import type { FastifyRequest } from 'fastify'
import { messages } from './messages.ts'

export const FORM = 'application/x-www-form-urlencoded'

/** Features of a login server, which this one is not: as scopes and as parameters. */
export const IDENTITY = new Set(['openid', 'profile', 'email', 'offline_access'])
export const IDENTITY_PARAMETERS = ['nonce', 'max_age', 'acr_values', 'claims', 'claims_locales', 'id_token_hint']

/** A trailing slash at `/mcp` does not change the resource. */
export function normaliseResource(values: URLSearchParams): void {
  const resources = values.getAll('resource')
  if (!resources.length) return
  values.delete('resource')
  for (const resource of new Set(resources.map((one) => one.replace(/\/+$/, '')))) values.append('resource', resource)
}

/** Changes the requested scopes. A repeated parameter stays, so that it is refused (RFC 6749 section 3.1). */
export function replaceScope(values: URLSearchParams, change: (scopes: readonly string[]) => readonly string[]): void {
  const [scope = '', again] = values.getAll('scope')
  if (again !== undefined) return
  const changed = change(scope.split(' ').filter(Boolean))
  if (changed.length) values.set('scope', changed.join(' '))
  else values.delete('scope')
}

/** The id of the client that authenticates with a secret in this request, or null. */
export function clientSecretIn({ headers: { authorization } }: FastifyRequest, form: URLSearchParams): string | null {
  if (form.get('client_secret')) return form.get('client_id') ?? ''
  const basic = /^basic (\S+)$/i.exec(authorization ?? '')?.[1]
  if (!basic) return null
  const [id = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':', 1)
  // Form-encoded (RFC 6749 section 2.3.1), so that all spellings of a client count as one.
  return new URLSearchParams(`id=${id}`).get('id')
}

/** The submitted form; some programs send JSON. */
export function formOf({ body, headers }: FastifyRequest): URLSearchParams {
  const text = typeof body === 'string' ? body : ''
  if (!headers['content-type']?.startsWith('application/json')) return new URLSearchParams(text)
  const json = parsedJson(text)
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(json)) {
    for (const one of [value].flat()) if (['string', 'number'].includes(typeof one)) form.append(name, String(one))
  }
  return form
}

export function parsedJson(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text)
    if (isObject(json) && !Array.isArray(json) && isPlain(json)) return json
  } catch {
    // Thrown below, as for every other non-object.
  }
  throw messages.noPlainJson()
}

/** Drops null members: some programs write null for what they omit. */
export const withoutNulls = (body: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Limits for client metadata: number and depth of values. */
const MOST_PARTS = 2000
const DEEPEST = 10

/** Whether a value can be processed without exhausting the stack or blocking others. */
function isPlain(whole: object): boolean {
  let left = MOST_PARTS
  const fits = (value: unknown, depth: number): boolean => {
    if (!isObject(value)) return true
    left -= Object.keys(value).length
    return left >= 0 && depth < DEEPEST && Object.values(value).every((part) => fits(part, depth + 1))
  }
  return fits(whole, 0)
}
