import { CLIENTS, type ClientId } from '../clients.ts'
import type { Examination } from '../examination.ts'
import { type Found, failed, fine, note } from '../findings.ts'
import { bad, fix, good, seen } from '../messages.ts'
import { described, oddFound } from '../strangers.ts'
import type { HttpAnswer } from '../visitor.ts'

/** A program that has registered. */
export interface Registered {
  readonly clientId: string
  readonly redirectUri: string
}

export interface Registrations {
  readonly found: Found[]
  /** A successful registration, if any. */
  readonly registered: Registered | null
}

/** Registers as each known program does (RFC 7591). */
export async function registration(exam: Examination): Promise<Registrations> {
  const registering = CLIENTS.filter(({ registers }) => registers)
  const tries = await Promise.all(
    registering.map(async ({ id, name, registers }) => {
      exam.traces.registrations++
      const answer = await exam.visitor.ask('/oauth/register', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...registers, client_name: `TREK doctor, as ${name.text}` }),
      })
      const clientId = answer.status === 201 ? answer.json?.client_id : undefined
      if (typeof clientId === 'string') exam.traces.clients.push(clientId)
      return { id, answer, clientId, uris: answer.json?.redirect_uris as string[] | undefined }
    }),
  )
  // Prefers a client without a secret: the next requests in its name need none.
  const good = tries.find(({ clientId, answer }) => typeof clientId === 'string' && !answer.json?.client_secret)
  const refused = tries.filter(({ clientId }) => typeof clientId !== 'string')
  const [first, ...others] = refused
  return {
    found: [first ? refusedFound(exam.base, [first, ...others]) : allFound(tries.length)],
    registered: good ? { clientId: String(good.clientId), redirectUri: good.uris?.[0] ?? '' } : null,
  }
}

interface Refused {
  readonly id: ClientId
  readonly answer: HttpAnswer
}

const allFound = (count: number): Found => fine('registration', good.registration(), seen.registrations({ count }))

function refusedFound(base: string, refused: readonly [Refused, ...Refused[]]): Found {
  const [{ answer }] = refused
  const suffers = refused.map(({ id }) => id)
  if (answer.status === 429 && answer.json) {
    return note('registration', {
      title: bad.registrationLimit(),
      saw: described(answer),
      fix: fix.registrationLimit(),
      cause: 'limit',
    })
  }
  if (answer.status >= 400 && answer.status < 500 && answer.json?.error !== undefined) {
    return failed('registration', {
      title: bad.registrationRefused(),
      saw: described(answer),
      suffers,
      fix: fix.registrationRefused(),
      cause: 'registration',
    })
  }
  return oddFound('registration', answer, base, suffers)
}
