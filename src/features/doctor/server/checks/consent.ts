import { createHash, randomBytes } from 'node:crypto'
import type { Message } from '../../../../core/declare/message.ts'
import { addressOf, pathAt } from '../../../../core/run/base-path.ts'
import { ASSISTANTS } from '../clients.ts'
import { COOKIES, redirection } from '../directives.ts'
import type { Examination } from '../examination.ts'
import { type Found, failed, fine, note, together } from '../findings.ts'
import { bad, fix, good, seen } from '../messages.ts'
import { described, isOurs, oddFound, strangerIn } from '../strangers.ts'
import type { HttpAnswer } from '../visitor.ts'
import type { Registered } from './registration.ts'

const PAGE = '/oauth/consent'
const CONSENT = /\/oauth\/consent\/([\w-]+)$/

/** Whether an authorization request with PKCE leads a browser to the consent page, with its cookie. */
export async function consent(exam: Examination, { clientId, redirectUri }: Registered): Promise<Found[]> {
  const { visitor, base, traces } = exam
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state: 'doctor',
    scope: 'trips:read',
    resource: addressOf(base, '/mcp'),
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url'),
  })
  const answer = await visitor.ask(`/oauth/authorize?${query}`, { headers: { accept: 'text/html' } })
  const { location } = answer
  const request = location && CONSENT.exec(location.pathname)?.[1]
  if (!location || !request) return [oddFound('consent', answer, base, ASSISTANTS)]
  traces.requests.push(request)
  const page = pathAt(base, location)
  if (page !== `${PAGE}/${request}`) {
    return [
      failed('consent', {
        title: bad.redirectChanged(),
        saw: described(answer),
        suffers: ASSISTANTS,
        fix: fix.redirectChanged({ address: base }),
        directives: redirection(base),
        cause: 'location',
      }),
    ]
  }
  const cookie = [answer.headers['set-cookie'] ?? []].flat().find((one) => /^(__Secure-)?trek_oauth_request=/.test(one))
  const wrong = cookieTrouble(cookie, location.pathname, base)
  if (wrong) return [wrong]
  const pair = (answer.headers['set-cookie'] ?? []).map((one) => one.split(';', 1)[0]).join('; ')
  const pageAnswer = await visitor.ask(`${page}/request`, { headers: { cookie: pair } })
  if (pageAnswer.status === 200 && pageAnswer.json && 'asked' in pageAnswer.json) {
    return [fine('consent', good.consent(), seen.cookieBack({ answer: described(answer) }))]
  }
  return [isOurs(pageAnswer) ? lostCookie(pageAnswer) : oddFound('consent', pageAnswer, base, ASSISTANTS)]
}

const lostCookie = (answer: HttpAnswer): Found =>
  failed('consent', {
    title: bad.cookieNotBack(),
    saw: described(answer),
    suffers: ASSISTANTS,
    fix: fix.cookieNotBack(),
    directives: COOKIES,
    cause: 'header in cookie',
  })

function cookieTrouble(cookie: string | undefined, path: string, base: string): Found | null {
  const cookieFault = (title: Message) =>
    failed('consent', {
      title,
      saw: cookie ? seen.header({ header: 'Set-Cookie', value: cookie.replace(/=[^;]*/, '=…') }) : seen.noCookie(),
      suffers: ASSISTANTS,
      fix: fix.cookie(),
      directives: COOKIES,
      cause: 'header out set-cookie',
    })
  if (!cookie) return cookieFault(bad.cookieLost())
  const parts = cookie.split(/;\s*/)
  if (!parts.some((part) => /^path=/i.test(part) && part.slice(5) === path)) {
    return cookieFault(bad.cookiePath())
  }
  const flags = parts.map((part) => part.toLowerCase())
  const expected = ['httponly', 'samesite=lax', ...(base.startsWith('https:') ? ['secure'] : [])]
  return expected.every((flag) => flags.includes(flag)) ? null : cookieFault(bad.cookieFlags())
}

/** Whether the token endpoint refuses a made-up code with the error of RFC 6749 section 5.2. */
export async function token({ visitor, base }: Examination, { clientId, redirectUri }: Registered): Promise<Found[]> {
  const answer = await visitor.ask('/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'of-the-doctor',
      code_verifier: randomBytes(32).toString('base64url'),
      client_id: clientId,
      redirect_uri: redirectUri,
    }).toString(),
  })
  const answered = (answer.status === 400 || answer.status === 401) && typeof answer.json?.error === 'string'
  return [answered ? fine('token', good.token(), described(answer)) : oddFound('token', answer, base, ASSISTANTS)]
}

const SHORTCUTS = [
  { path: '/authorize', method: 'GET' },
  { path: '/token', method: 'POST', type: 'application/x-www-form-urlencoded', body: 'grant_type=none' },
  { path: '/register', method: 'POST', type: 'application/json', body: '{}' },
]

/** Whether the short addresses work that some programs guess instead of discovering. */
export async function shortcuts({ visitor, base, traces }: Examination): Promise<Found[]> {
  const answers = await Promise.all(
    SHORTCUTS.map(({ path, method, type, body }) => {
      if (path === '/register') traces.registrations++
      return visitor.ask(path, {
        method,
        ...(type && { headers: { 'content-type': type } }),
        ...(body !== undefined && { body }),
      })
    }),
  )
  const lost = answers.filter((answer) => !isOurs(answer))
  if (!lost.length) {
    return [fine('shortcuts', good.shortcuts(), seen.shortcuts({ paths: SHORTCUTS.map(({ path }) => path) }))]
  }
  const stranger = strangerIn(lost[0] as HttpAnswer, base)
  return [
    note('shortcuts', {
      title: bad.shortcutsLost(),
      saw: together(lost.map(described)),
      fix: fix.shortcutsLost(),
      cause: stranger && stranger.cause !== 'own pages' ? stranger.cause : 'shortcuts',
    }),
  ]
}
