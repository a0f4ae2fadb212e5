import type { Message } from '../../../../core/declare/message.ts'
import { ASSISTANTS } from '../clients.ts'
import { headerIn, headerOut, METHODS, streams, TIMEOUTS } from '../directives.ts'
import type { Examination } from '../examination.ts'
import { type Found, failed, fine, note } from '../findings.ts'
import { bad, fix, good, seen } from '../messages.ts'
import { described, isOurs, oddFound } from '../strangers.ts'
import { type HttpAnswer, Unanswered } from '../visitor.ts'
import { INITIALIZE, MCP_HEADERS } from './discovery.ts'

const message = (method: string, more: object = {}) => JSON.stringify({ jsonrpc: '2.0', method, ...more })

/** A session as in the revisions of 2025: opens, uses, listens to and ends it, with a token for this purpose only. */
export async function session(exam: Examination): Promise<Found[]> {
  const { visitor, base, traces, probes } = exam
  const { token, grant } = probes.token()
  traces.grants.push(grant)
  const headers = { ...MCP_HEADERS, authorization: `Bearer ${token}` }
  const opened = await visitor.ask('/mcp', { method: 'POST', headers, body: INITIALIZE })
  if (opened.status === 401 && isOurs(opened)) return [lostToken(opened)]
  if (opened.status !== 200 || opened.json?.jsonrpc !== '2.0') return [oddFound('session', opened, base, ASSISTANTS)]
  const id = opened.headers['mcp-session-id']
  if (id === undefined) return [lostSession('from', opened)]
  const inSession = { ...headers, 'mcp-session-id': String(id), 'mcp-protocol-version': '2025-11-25' }
  const ask = (body: string) => visitor.ask('/mcp', { method: 'POST', headers: inSession, body })
  await ask(message('notifications/initialized'))
  const answer = await ask(message('ping', { id: 2 }))
  if (/mcp-session-id is missing/i.test(answer.text)) return [lostSession('to', answer)]
  if (answer.status !== 200 || !answer.json?.result) return [oddFound('session', answer, base, ASSISTANTS)]
  const streamed = await stream(exam, inSession)
  const ended = await visitor.ask('/mcp', { method: 'DELETE', headers: inSession })
  return [
    fine('session', good.session(), seen.sessionBack({ answer: described(opened) })),
    streamed,
    ...(ended.status === 204 ? [] : [endless(ended)]),
  ]
}

const lostToken = (answer: HttpAnswer): Found =>
  answer.headers['www-authenticate']?.includes('error=')
    ? failed('session', {
        title: bad.tokenUnknown(),
        saw: described(answer),
        suffers: ASSISTANTS,
        fix: fix.tokenUnknown(),
        cause: 'instance',
      })
    : failed('session', {
        title: bad.tokenLost(),
        saw: seen.tokenSent({ answer: described(answer) }),
        suffers: ASSISTANTS,
        fix: fix.tokenLost(),
        directives: headerIn('authorization'),
        cause: 'header in authorization',
      })

const lostSession = (way: 'to' | 'from', answer: HttpAnswer): Found =>
  failed('session', {
    title: way === 'from' ? bad.sessionLostFrom() : bad.sessionLostTo(),
    saw: way === 'from' ? seen.noSessionId() : seen.sessionSent({ answer: described(answer) }),
    suffers: ASSISTANTS,
    fix: fix.sessionLost(),
    directives: way === 'from' ? headerOut('mcp-session-id') : headerIn('mcp-session-id'),
    cause: way === 'from' ? 'header out mcp-session-id' : 'header in mcp-session-id',
  })

const endless = (answer: HttpAnswer): Found =>
  note('session', {
    title: bad.noDelete(),
    saw: described(answer),
    fix: fix.noDelete(),
    directives: METHODS,
    cause: 'method DELETE',
  })

/** Whether events arrive as they happen, and keep arriving. */
async function stream({ visitor, patience, base }: Examination, headers: Record<string, string>): Promise<Found> {
  try {
    const stream = await visitor.open('/mcp', { ...headers, accept: 'text/event-stream' })
    try {
      if (stream.status !== 200) {
        const answer = {
          ...stream,
          asked: 'GET /mcp',
          url: new URL(base),
          location: null,
          port: null,
          certificateEnds: null,
        }
        return oddFound('stream', answer, base, ASSISTANTS)
      }
      if (await stream.lasts(patience.hold)) {
        return fine('stream', good.stream(), seen.firstEvent())
      }
      return timedOut(seen.cutOffSoon())
    } finally {
      stream.end()
    }
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
    if (error.code !== 'TIMEOUT') return timedOut(seen.cutOffBecause({ reason: error.message }))
    return failed('stream', {
      title: bad.streamHeld(),
      saw: seen.noEvent(),
      suffers: ASSISTANTS,
      partly: true,
      fix: fix.streamHeld(),
      directives: streams(base),
      cause: 'buffering',
    })
  }
}

/** The finding for a proxy that gives up too soon. */
export const timedOut = (saw: Message): Found =>
  failed('stream', {
    title: bad.impatient(),
    saw,
    suffers: ASSISTANTS,
    partly: true,
    fix: fix.impatient(),
    directives: TIMEOUTS,
    cause: 'timeout',
  })

const MODERN = '2026-07-28'

/** A request of the newest revision, which needs no session. */
export async function modern({ visitor, base, probes, traces }: Examination): Promise<Found[]> {
  const { token, grant } = probes.token()
  traces.grants.push(grant)
  const answer = await visitor.ask('/mcp', {
    method: 'POST',
    headers: {
      ...MCP_HEADERS,
      authorization: `Bearer ${token}`,
      'mcp-protocol-version': MODERN,
      'mcp-method': 'server/discover',
    },
    body: message('server/discover', {
      id: 3,
      params: {
        _meta: {
          'io.modelcontextprotocol/protocolVersion': MODERN,
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  })
  if (answer.status === 401 && isOurs(answer)) return [lostToken(answer)]
  if (answer.status === 200 && answer.json?.result) {
    return [fine('modern', good.modern(), described(answer))]
  }
  const odd = { ...oddFound('modern', answer, base, ['claude', 'claude-code']), partly: true }
  const lost = /mcp-(protocol-version|method)/i.exec(answer.text)?.[0].toLowerCase()
  return [lost && isOurs(answer) ? { ...odd, cause: `header in ${lost}`, directives: headerIn(lost) } : odd]
}
