import { IN_PAGES } from '../clients.ts'
import { CORS, OPTIONS } from '../directives.ts'
import type { Examination } from '../examination.ts'
import { type Found, failed, fine, together } from '../findings.ts'
import { bad, fix, good, seen } from '../messages.ts'
import { described, isOurs, oddFound } from '../strangers.ts'
import type { HttpAnswer } from '../visitor.ts'
import { INITIALIZE, MCP_HEADERS } from './discovery.ts'

/** The origin of the MCP Inspector. */
const ORIGIN = 'http://localhost:6274'

const PREFLIGHTS = [
  { path: '/.well-known/oauth-protected-resource/mcp', method: 'GET', headers: ['mcp-protocol-version'] },
  { path: '/.well-known/oauth-authorization-server', method: 'GET', headers: ['mcp-protocol-version'] },
  { path: '/oauth/register', method: 'POST', headers: ['content-type'] },
  { path: '/oauth/token', method: 'POST', headers: ['content-type', 'authorization'] },
  {
    path: '/mcp',
    method: 'POST',
    headers: ['authorization', 'content-type', 'mcp-protocol-version', 'mcp-session-id'],
  },
]

const EXPOSED = ['mcp-session-id', 'www-authenticate']

/** Whether a page of another origin can send requests and read the answers (Fetch standard, CORS). */
export async function pages({ visitor, base }: Examination): Promise<Found[]> {
  const preflights = await Promise.all(
    PREFLIGHTS.map(async ({ path, method, headers }) => ({
      headers,
      answer: await visitor.ask(path, {
        method: 'OPTIONS',
        headers: {
          origin: ORIGIN,
          'access-control-request-method': method,
          'access-control-request-headers': headers.join(','),
        },
      }),
    })),
  )
  const answer = await visitor.ask('/mcp', {
    method: 'POST',
    headers: { ...MCP_HEADERS, origin: ORIGIN },
    body: INITIALIZE,
  })
  // A missing document is a finding of its own.
  const refused = preflights.filter(({ answer, headers }) => !allows(answer, headers) && !isMissing(answer))
  if (!isOurs(answer)) return [oddFound('pages', answer, base, IN_PAGES)]
  if (!isOpen(answer)) {
    return [
      failed('pages', {
        title: bad.corsLost(),
        saw: seen.crossOrigin({
          answer: described(answer),
          value: String(answer.headers['access-control-allow-origin'] ?? '') || seen.noHeader(),
        }),
        suffers: IN_PAGES,
        fix: fix.corsLost(),
        directives: CORS,
        cause: 'cors',
      }),
    ]
  }
  const hidden = EXPOSED.filter((name) => !listed(answer, 'access-control-expose-headers').includes(name))
  if (hidden.length) {
    return [
      failed('pages', {
        title: bad.headersHidden({ headers: hidden }),
        saw: seen.header({
          header: 'Access-Control-Expose-Headers',
          value: String(answer.headers['access-control-expose-headers'] ?? '') || seen.noHeader(),
        }),
        suffers: IN_PAGES,
        fix: fix.headersHidden(),
        directives: CORS,
        cause: 'cors',
      }),
    ]
  }
  const [first] = refused
  if (first) {
    return [
      failed('pages', {
        title: bad.optionsAnswered(),
        saw: together(refused.map(({ answer }) => described(answer))),
        suffers: IN_PAGES,
        fix: fix.optionsAnswered(),
        directives: OPTIONS,
        cause: 'options',
      }),
    ]
  }
  return [fine('pages', good.pages(), seen.pagesAsk({ origin: ORIGIN, count: preflights.length }))]
}

const isMissing = (answer: HttpAnswer): boolean => answer.status === 404 && !isOurs(answer)

const isOpen = ({ headers }: HttpAnswer): boolean =>
  ['*', ORIGIN].includes(String(headers['access-control-allow-origin'] ?? ''))

const listed = ({ headers }: HttpAnswer, name: string): string[] =>
  String(headers[name] ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())

function allows(answer: HttpAnswer, headers: readonly string[]): boolean {
  const allowed = listed(answer, 'access-control-allow-headers')
  // The wildcard does not cover this header.
  const may = (name: string) => allowed.includes(name) || (name !== 'authorization' && allowed.includes('*'))
  return answer.status < 300 && isOpen(answer) && headers.every(may)
}
