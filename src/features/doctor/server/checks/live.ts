import { randomBytes } from 'node:crypto'
import { THE_APP } from '../clients.ts'
import { upgrade } from '../directives.ts'
import type { Examination } from '../examination.ts'
import { type Found, failed, fine } from '../findings.ts'
import { bad, fix, good, seen } from '../messages.ts'
import { described, isOurs, oddFound } from '../strangers.ts'

/** Whether a WebSocket upgrade arrives (RFC 6455 section 4.1). The request has no log-in, so it ends with a 401. */
export async function websocket({ visitor, base }: Examination): Promise<Found[]> {
  const answer = await visitor.ask('/ws', {
    headers: {
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      origin: visitor.origin,
    },
  })
  if (answer.status === 101 || (answer.status === 401 && isOurs(answer))) {
    return [fine('websocket', good.websocket(), seen.upgraded({ answer: described(answer) }))]
  }
  if (answer.status === 426) {
    return [
      failed('websocket', {
        title: bad.noUpgrade(),
        saw: described(answer),
        suffers: THE_APP,
        partly: true,
        fix: fix.noUpgrade(),
        directives: upgrade(base),
        cause: 'upgrade',
      }),
    ]
  }
  return [oddFound('websocket', answer, base, THE_APP)]
}
