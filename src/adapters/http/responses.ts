import type { Dispatcher } from 'undici'
import { TrekError } from '../../core/declare/errors.ts'
import type { Message } from '../../core/declare/message.ts'
import { outgoing as messages, outage } from '../messages.ts'

type ResponseData = Dispatcher.ResponseData

/** A failure of the host, not of one request. */
export class Outage extends TrekError {
  constructor(message: Message) {
    super('unavailable', message)
  }
}

/** The answer if its status is a success; null for an `absent` status. */
export function judged(answer: ResponseData, { host }: URL, absent: readonly number[] = []): ResponseData | null {
  const { statusCode: status } = answer
  if (status >= 200 && status < 300) return answer
  answer.body.destroy()
  if (absent.includes(status)) return null
  if (status === 429) throw new Outage(outage.tooManyRequests({ host }))
  throw status >= 500 ? new Outage(outage.failed({ host, status })) : messages.refused({ host, status })
}

export function asHeaders({ headers }: ResponseData): Headers {
  const all = new Headers()
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) all.set(name, String(value))
  return all
}

export async function bodyOf(answer: ResponseData, maxBytes: number, { host }: URL): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer.body) {
    size += (chunk as Buffer).length
    if (size > maxBytes) throw messages.tooLarge({ host, kilobytes: Math.ceil(maxBytes / 1024) })
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Turns network errors into an outage of the host. */
export async function translating<T>({ host }: URL, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const refused = causeOf(error)
    if (refused) throw refused
    const late = (error as Error).name === 'TimeoutError' || (error as Error).name === 'AbortError'
    throw new Outage(late ? outage.late({ host }) : outage.unreachable({ host }))
  }
}

/** The guard's refusal that ended a connection, or one of our own errors. */
function causeOf(error: unknown): TrekError | null {
  if (error instanceof TrekError) return error
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] }
  const inner = cause ?? errors?.[0]
  return inner ? causeOf(inner) : null
}
