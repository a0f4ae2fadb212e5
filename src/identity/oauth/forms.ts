import type { FastifyRequest } from 'fastify'
import { TrekError } from '../../core/errors.ts'

export const FORM = 'application/x-www-form-urlencoded'

/** What programs ask of a server for log-ins, which this one is not. */
export const IDENTITY = new Set(['openid', 'profile', 'email', 'offline_access'])

/** A slash at the end of the address of `/mcp` makes it no other resource. */
export function settleResource(values: URLSearchParams): void {
  const resources = values.getAll('resource')
  if (!resources.length) return
  values.delete('resource')
  for (const resource of new Set(resources.map((one) => one.replace(/\/+$/, '')))) values.append('resource', resource)
}

/** The id of the client that proves itself with a secret in this request, or null. */
export function clientSecretIn({ headers: { authorization } }: FastifyRequest, form: URLSearchParams): string | null {
  if (form.get('client_secret')) return form.get('client_id') ?? ''
  const basic = /^basic (\S+)$/i.exec(authorization ?? '')?.[1]
  return basic ? (Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0] ?? '') : null
}

/** The form that was sent; some programs send it as JSON. */
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
    if (json && typeof json === 'object' && !Array.isArray(json)) return json as Record<string, unknown>
  } catch {
    // Said below, as for everything else that is no object.
  }
  throw new TrekError('invalid', 'The body is not a JSON object')
}
