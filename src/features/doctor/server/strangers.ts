import { basePathOf, movedTo } from '../../../core/run/base-path.ts'
import type { ClientId } from './clients.ts'
import { type Directives, METHODS, REDIRECT, slash, upstream, wall } from './directives.ts'
import { type Check, type Found, failed } from './findings.ts'
import type { HttpAnswer } from './visitor.ts'

/** Who answered in our place, and what to do about it. */
interface Stranger {
  readonly title: string
  readonly fix: string
  readonly cause: string
  readonly directives?: Directives
}

const PAGE = /^\s*(<!doctype html|<html|<head|<body)/i
const LOG_IN = /type="?password|<title>[^<]*(sign.?in|log.?in|authenti|anmeld|connexion)/i

export const isPage = ({ headers, text }: Pick<HttpAnswer, 'headers' | 'text'>): boolean =>
  /\btext\/html\b/.test(headers['content-type'] ?? '') || PAGE.test(text)

/** What was answered, in a few words. */
export function described({ asked, status, headers, text, json, location }: HttpAnswer): string {
  const kind = location
    ? ` and sends to ${location.origin}${location.pathname}`
    : isPage({ headers, text })
      ? ' with a web page'
      : saidIn(json, text)
  return `${asked} answers ${status}${kind}.`
}

function saidIn(json: HttpAnswer['json'], text: string): string {
  const { detail, error_description, error } = json ?? {}
  const told = [detail, error_description, error, (error as { message?: unknown } | undefined)?.message]
  const said = told.find((one) => typeof one === 'string')
  if (said) return `: “${said}”`
  return json || !text ? '' : ' with something that is not JSON'
}

/** Whether it has the form of an error of this product, in whichever of its protocols. */
export function isOurs({ json, status }: HttpAnswer): boolean {
  if (!json) return false
  const { type, error, jsonrpc } = json
  return (
    jsonrpc === '2.0' ||
    (typeof type === 'string' && /^(\/[\w.~-]+)*\/api\/docs#problem-/.test(type)) ||
    (status >= 400 && typeof error === 'string')
  )
}

/** Who answered instead of this server, as far as the answer shows it; null where it may be its own. */
export function strangerIn(answer: HttpAnswer, base: string): Stranger | null {
  const { status, location, headers } = answer
  if (location && status >= 300 && status < 400) return redirectIn(answer, location, base)
  if (isOurs(answer)) return null
  if (status === 502 || status === 503) {
    return {
      title: 'The proxy cannot reach TREK',
      fix: 'Let it forward to where TREK listens (HOST and PORT). In containers that is the name of the service, and HOST=0.0.0.0.',
      cause: 'upstream',
      directives: upstream(base),
    }
  }
  if (status === 405 || status === 501) {
    const method = answer.asked.split(' ')[0]
    return {
      title: `The proxy does not let ${method} through`,
      fix: 'Let it pass on every method: programs use GET, POST, DELETE and OPTIONS.',
      cause: `method ${method}`,
      directives: METHODS,
    }
  }
  const asksFirst = /^(basic|negotiate|digest|ntlm)\b/i.test(headers['www-authenticate'] ?? '')
  if (asksFirst || (isPage(answer) && LOG_IN.test(answer.text))) return wallAt(base)
  return isPage(answer) ? pageIn(answer, base) : null
}

const wallAt = (base: string): Stranger => ({
  title: 'Something in front of TREK wants people to log in first',
  fix: 'Programs cannot log in there. Leave the paths that they use out of it: /mcp, /oauth, /authorize, /token, /register, /.well-known, /api and /ws. TREK asks for its own log-in or token on each of them.',
  cause: 'wall',
  directives: wall(base),
})

function redirectIn({ url }: HttpAnswer, location: URL, base: string): Stranger {
  const there = movedTo(base, location.origin)
  const sameRest = location.pathname === url.pathname && location.search === url.search
  if (location.href === url.href) {
    return {
      title: 'The proxy sends every request to where it already is',
      fix: 'It does not know that people come by https. Send to https only where http was asked; behind Cloudflare choose the mode “Full (strict)” under SSL/TLS.',
      cause: 'redirect',
      directives: REDIRECT,
    }
  }
  if (sameRest) {
    return {
      title: `${base} only leads on to ${there}`,
      fix: `Set APP_URL=${there} and restart TREK: programs do not follow, and tokens are for one address.`,
      cause: 'redirect',
    }
  }
  if (location.pathname === `${url.pathname}/`) {
    return {
      title: 'The proxy puts a slash at the end of addresses',
      fix: `Let it pass ${url.pathname} on as it is: programs lose what they send when they are sent on.`,
      cause: 'slash',
      directives: slash(base),
    }
  }
  return wallAt(base)
}

function pageIn({ asked, status }: HttpAnswer, base: string): Stranger {
  if (status === 403 || status === 429) {
    return {
      title: 'A firewall in front of TREK turns programs away',
      fix: 'Let it pass requests to /mcp, /oauth, /authorize, /token, /register, /.well-known, /api and /ws without bot checks, challenges or limits.',
      cause: 'firewall',
    }
  }
  const path = asked.split(' ')[1] ?? '/'
  return {
    title: `The proxy answers ${path} itself`,
    fix: basePathOf(base)
      ? `Let it pass on to TREK everything below ${basePathOf(base)}, and what is about it below /.well-known.`
      : 'Let it pass everything on to TREK, whatever the path: one rule for / is enough.',
    cause: 'own pages',
    directives: upstream(base),
  }
}

/** The finding for an answer that is not what this server would say. */
export function oddFound(check: Check, answer: HttpAnswer, base: string, suffers: readonly ClientId[]): Found {
  const stranger = strangerIn(answer, base) ?? {
    title: `${answer.asked} does not answer as it should`,
    fix: 'Look into the log of the proxy and of TREK for this request.',
    cause: `odd ${answer.asked}`,
  }
  return failed(check, { ...stranger, saw: described(answer), suffers })
}
