import { ASSISTANTS, EVERYBODY } from '../clients.ts'
import { BODY_SIZE } from '../directives.ts'
import { ECHO_PATH } from '../echo.ts'
import type { Examination } from '../examination.ts'
import { type Found, failed, fine } from '../findings.ts'
import { bad, fix, good, seen } from '../messages.ts'
import { described, oddFound } from '../strangers.ts'
import { Unanswered } from '../visitor.ts'
import { timedOut } from './session.ts'

/** Nearly the limit of an assistant's request. */
const MESSAGE_BYTES = 1_000_000
/** The limit of a file. */
const FILE_BYTES = 50 * 1024 * 1024

/** Whether proxies let requests through that are as large as this server accepts. */
export async function size({ visitor, base, probes, patience }: Examination): Promise<Found[]> {
  const message = visitor.ask(`${ECHO_PATH}?question=${probes.question()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ padding: 'x'.repeat(MESSAGE_BYTES) }),
  })
  // Announces a length but sends nothing: a proxy with a lower limit refuses at once, and this server waits.
  const file = visitor
    .ask('/api/trips/1/files', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=doctor' },
      declares: FILE_BYTES,
      waitMs: patience.refusal,
    })
    .catch(() => null)
  const [answer, announced] = await Promise.all([message, file])
  if (answer.status === 413) {
    return [
      failed('size', {
        title: bad.messageTooLarge(),
        saw: described(answer),
        suffers: EVERYBODY,
        partly: true,
        fix: fix.messageTooLarge(),
        directives: BODY_SIZE,
        cause: 'size',
      }),
    ]
  }
  if (answer.json?.bytes !== MESSAGE_BYTES) return [oddFound('size', answer, base, ASSISTANTS)]
  if (announced?.status === 413) {
    return [
      failed('size', {
        title: bad.fileTooLarge(),
        saw: described(announced),
        suffers: ['app'],
        partly: true,
        fix: fix.fileTooLarge(),
        directives: BODY_SIZE,
        cause: 'size',
      }),
    ]
  }
  return [fine('size', good.size(), seen.sizes())]
}

/** Whether proxies wait for a slow answer. */
export async function slowness({ visitor, base, probes, patience }: Examination): Promise<Found[]> {
  const path = `${ECHO_PATH}?question=${probes.question()}&wait=${patience.hold}`
  try {
    const answer = await visitor.ask(path)
    if (answer.status === 200) {
      return [fine('patience', good.patience(), seen.slowAnswer({ seconds: patience.hold / 1000 }))]
    }
    return [answer.status === 504 ? timedOut(described(answer)) : oddFound('patience', answer, base, ASSISTANTS)]
  } catch (error) {
    if (error instanceof Unanswered) return [timedOut(seen.cutOff({ asked: error.asked }))]
    throw error
  }
}
