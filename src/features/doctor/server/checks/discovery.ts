import { addressOf, basePathOf } from '../../../../core/run/base-path.ts'
import { ASSISTANTS, type ClientId } from '../clients.ts'
import { headerOut, wellKnown } from '../directives.ts'
import type { Examination } from '../examination.ts'
import { type Found, failed, fine } from '../findings.ts'
import { described, isOurs, oddFound, strangerIn } from '../strangers.ts'
import type { HttpAnswer } from '../visitor.ts'

export const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'TREK doctor', version: '1' },
  },
})

export const MCP_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

/** Everything begins with a 401 that says where the documents are (RFC 9728 section 5.1). */
export async function challenge({ visitor, base }: Examination): Promise<Found[]> {
  const answer = await visitor.ask('/mcp', { method: 'POST', headers: MCP_HEADERS, body: INITIALIZE })
  const said = answer.headers['www-authenticate'] ?? ''
  const where = /resource_metadata="([^"]*)"/.exec(said)?.[1]
  if (where === addressOf(base, '/.well-known/oauth-protected-resource/mcp')) {
    return [fine('challenge', 'Assistants are told where to log in', `${described(answer)} WWW-Authenticate: ${said}`)]
  }
  if (answer.status !== 401 || !isOurs(answer)) return [oddFound('challenge', answer, base, ASSISTANTS)]
  if (where === undefined) {
    return [
      failed('challenge', {
        title: 'The proxy removes the header WWW-Authenticate, which tells assistants where to log in',
        saw: `${described(answer)} It has no WWW-Authenticate.`,
        suffers: ASSISTANTS,
        fix: 'Let the proxy pass on WWW-Authenticate, and the answer 401 as it is.',
        directives: headerOut('www-authenticate'),
        cause: 'header out www-authenticate',
      }),
    ]
  }
  return [
    failed('challenge', {
      title: 'Assistants are sent to another address to log in',
      saw: `WWW-Authenticate says ${where}.`,
      suffers: ASSISTANTS,
      fix: `Set APP_URL=${base} on the server that runs, and let nothing on the way rewrite WWW-Authenticate.`,
      cause: 'issuer',
    }),
  ]
}

/** What programs ask for, in whatever order they do: the specification, its older revisions, and what has been seen of them. */
const DOCUMENTS: readonly { path: string; asks: readonly ClientId[] }[] = [
  { path: '/.well-known/oauth-protected-resource/mcp', asks: ASSISTANTS },
  { path: '/.well-known/oauth-authorization-server', asks: ASSISTANTS },
  { path: '/.well-known/oauth-protected-resource', asks: ['chatgpt'] },
  { path: '/.well-known/openid-configuration', asks: ['chatgpt'] },
  { path: '/.well-known/oauth-authorization-server/mcp', asks: [] },
  { path: '/.well-known/openid-configuration/mcp', asks: [] },
  { path: '/mcp/.well-known/oauth-protected-resource', asks: [] },
  { path: '/mcp/.well-known/oauth-authorization-server', asks: [] },
  { path: '/mcp/.well-known/openid-configuration', asks: [] },
]

/** Whether every document of discovery is there, and speaks of this address (RFC 8414, RFC 9728). */
export async function discovery({ visitor, base }: Examination): Promise<Found[]> {
  const answers = await Promise.all(
    DOCUMENTS.map(async (document) => ({
      ...document,
      answer: await visitor.ask(document.path, { headers: { 'mcp-protocol-version': '2025-11-25' } }),
    })),
  )
  const missing = answers.filter(({ answer }) => answer.status !== 200 || !answer.json)
  const foreign = answers.filter(
    ({ answer, path }) => !missing.some((one) => one.path === path) && !isRight(answer, base),
  )
  const [first] = missing
  const found: Found[] = []
  if (first) found.push(missingFound(missing, base))
  if (foreign[0]) {
    const { json } = foreign[0].answer
    found.push(
      failed('discovery', {
        title: 'The documents of discovery speak of another address',
        saw: foreign.map(({ path }) => `${path} says ${json?.issuer ?? json?.resource}`).join(', '),
        suffers: ASSISTANTS,
        fix: `Set APP_URL=${base} on the server that answers, and let nothing on the way rewrite what it says.`,
        cause: 'issuer',
      }),
    )
  }
  if (found.length) return found
  return [
    fine(
      'discovery',
      'Every document of discovery is found',
      `${DOCUMENTS.length} addresses answer with JSON for ${base}; registration and client ID metadata documents are offered.`,
    ),
  ]
}

function isRight({ json, url }: HttpAnswer, base: string): boolean {
  if (url.pathname.includes('oauth-protected-resource')) {
    return json?.resource === `${base}/mcp` && String(json.authorization_servers) === base
  }
  const addresses = ['authorization_endpoint', 'token_endpoint', 'registration_endpoint'].map((name) => json?.[name])
  return (
    json?.issuer === base &&
    addresses.every((address) => String(address).startsWith(`${base}/`)) &&
    String(json.code_challenge_methods_supported).includes('S256') &&
    json.client_id_metadata_document_supported === true
  )
}

function missingFound(
  missing: readonly { path: string; asks: readonly ClientId[]; answer: HttpAnswer }[],
  base: string,
): Found {
  const [first] = missing as [(typeof missing)[number]]
  const suffers = ASSISTANTS.filter((id) => missing.some(({ asks }) => asks.includes(id)))
  const odd = oddFound('discovery', first.answer, base, suffers)
  const stranger = strangerIn(first.answer, base)
  const atWellKnown = missing.every(({ path }) => path.startsWith('/.well-known/'))
  if (!atWellKnown || (stranger && stranger.cause !== 'own pages') || isOurs(first.answer)) return odd
  const path = basePathOf(base)
  const saw = missing.map(({ path, answer }) => `${path} ${answer.status}`).join(', ')
  return failed('discovery', {
    title: 'The proxy answers addresses below /.well-known itself',
    saw: `${described(first.answer)} In all: ${saw}.`,
    suffers,
    fix: path
      ? `Let it pass on to TREK what is about ${path} at the root of the host: /.well-known/oauth-authorization-server${path}, /.well-known/oauth-protected-resource${path}/mcp and the others that end like these.`
      : 'Let it pass /.well-known on to TREK. What certificates need is /.well-known/acme-challenge/ alone.',
    directives: wellKnown(base),
    cause: 'well-known',
  })
}
