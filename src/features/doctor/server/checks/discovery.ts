import { addressOf, basePathOf } from '../../../../core/run/base-path.ts'
import { ASSISTANTS, type ClientId } from '../clients.ts'
import { headerOut, wellKnown } from '../directives.ts'
import type { Examination } from '../examination.ts'
import { type Found, failed, fine, together } from '../findings.ts'
import { bad, fix, good, seen } from '../messages.ts'
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

/** Every connection begins with a 401 that says where the documents are (RFC 9728 section 5.1). */
export async function challenge({ visitor, base }: Examination): Promise<Found[]> {
  const answer = await visitor.ask('/mcp', { method: 'POST', headers: MCP_HEADERS, body: INITIALIZE })
  const header = answer.headers['www-authenticate'] ?? ''
  const where = /resource_metadata="([^"]*)"/.exec(header)?.[1]
  if (where === addressOf(base, '/.well-known/oauth-protected-resource/mcp')) {
    return [fine('challenge', good.challenge(), seen.challenge({ answer: described(answer), header }))]
  }
  if (answer.status !== 401 || !isOurs(answer)) return [oddFound('challenge', answer, base, ASSISTANTS)]
  if (where === undefined) {
    return [
      failed('challenge', {
        title: bad.challengeLost(),
        saw: seen.noChallenge({ answer: described(answer) }),
        suffers: ASSISTANTS,
        fix: fix.challengeLost(),
        directives: headerOut('www-authenticate'),
        cause: 'header out www-authenticate',
      }),
    ]
  }
  return [
    failed('challenge', {
      title: bad.otherChallenge(),
      saw: seen.otherChallenge({ address: where }),
      suffers: ASSISTANTS,
      fix: fix.otherChallenge({ address: base }),
      cause: 'issuer',
    }),
  ]
}

/** The documents that programs ask for, in any order: by the specification, its older revisions, and observation. */
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

/** Whether every discovery document exists and names this address (RFC 8414, RFC 9728). */
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
  const findings: Found[] = []
  if (first) findings.push(missingFound(missing, base))
  if (foreign[0]) {
    const { json } = foreign[0].answer
    findings.push(
      failed('discovery', {
        title: bad.otherDocuments(),
        saw: together(
          foreign.map(({ path }) => seen.documentNames({ path, address: String(json?.issuer ?? json?.resource) })),
        ),
        suffers: ASSISTANTS,
        fix: fix.otherDocuments({ address: base }),
        cause: 'issuer',
      }),
    )
  }
  if (findings.length) return findings
  return [fine('discovery', good.discovery(), seen.documents({ count: DOCUMENTS.length, address: base }))]
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
  const paths = missing.map(({ path, answer }) => seen.documentAnswers({ path, status: answer.status }))
  return failed('discovery', {
    title: bad.documentsLost(),
    saw: seen.documentsMissing({ answer: described(first.answer), paths }),
    suffers,
    fix: path ? fix.documentsLostBelow({ path }) : fix.documentsLost(),
    directives: wellKnown(base),
    cause: 'well-known',
  })
}
