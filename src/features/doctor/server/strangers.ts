import type { Message } from '../../../core/declare/message.ts'
import { basePathOf, movedTo } from '../../../core/run/base-path.ts'
import type { ClientId } from './clients.ts'
import { type Directives, METHODS, REDIRECT, slash, upstream, wall } from './directives.ts'
import { type Check, type Found, failed } from './findings.ts'
import { bad, fix, seen } from './messages.ts'
import type { HttpAnswer } from './visitor.ts'

/** Who answered in place of TREK, and what to do about it. */
interface Stranger {
  readonly title: Message
  readonly fix: Message
  readonly cause: string
  readonly directives?: Directives
}

const PAGE = /^\s*(<!doctype html|<html|<head|<body)/i
const LOG_IN = /type="?password|<title>[^<]*(sign.?in|log.?in|authenti|anmeld|connexion)/i

export const isPage = ({ headers, text }: Pick<HttpAnswer, 'headers' | 'text'>): boolean =>
  /\btext\/html\b/.test(headers['content-type'] ?? '') || PAGE.test(text)

/** A short description of the answer. */
export function described({ asked, status, headers, text, json, location }: HttpAnswer): Message {
  if (location) return seen.answersAndSends({ asked, status, address: `${location.origin}${location.pathname}` })
  if (isPage({ headers, text })) return seen.answersPage({ asked, status })
  const { detail, error_description, error } = json ?? {}
  const candidates = [detail, error_description, error, (error as { message?: unknown } | undefined)?.message]
  const sentence = candidates.find((one) => typeof one === 'string')
  if (sentence) return seen.answersSaying({ asked, status, said: sentence })
  return json || !text ? seen.answers({ asked, status }) : seen.answersNoJson({ asked, status })
}

/** Whether it looks like an error of this product, in any of its protocols. */
export function isOurs({ json, status }: HttpAnswer): boolean {
  if (!json) return false
  const { type, error, jsonrpc } = json
  return (
    jsonrpc === '2.0' ||
    (typeof type === 'string' && /^(\/[\w.~-]+)*\/api\/docs#problem-/.test(type)) ||
    (status >= 400 && typeof error === 'string')
  )
}

/** Who answered instead of this server, as far as the answer shows; null if it may be this server. */
export function strangerIn(answer: HttpAnswer, base: string): Stranger | null {
  const { status, location, headers } = answer
  if (location && status >= 300 && status < 400) return redirectIn(answer, location, base)
  if (isOurs(answer)) return null
  if (status === 502 || status === 503) {
    return {
      title: bad.upstream(),
      fix: fix.upstream(),
      cause: 'upstream',
      directives: upstream(base),
    }
  }
  if (status === 405 || status === 501) {
    const [method = ''] = answer.asked.split(' ')
    return {
      title: bad.noMethod({ method }),
      fix: fix.noMethod(),
      cause: `method ${method}`,
      directives: METHODS,
    }
  }
  const asksFirst = /^(basic|negotiate|digest|ntlm)\b/i.test(headers['www-authenticate'] ?? '')
  if (asksFirst || (isPage(answer) && LOG_IN.test(answer.text))) return wallAt(base)
  return isPage(answer) ? pageIn(answer, base) : null
}

const wallAt = (base: string): Stranger => ({
  title: bad.wall(),
  fix: fix.wall(),
  cause: 'wall',
  directives: wall(base),
})

function redirectIn({ url }: HttpAnswer, location: URL, base: string): Stranger {
  const there = movedTo(base, location.origin)
  const sameRest = location.pathname === url.pathname && location.search === url.search
  if (location.href === url.href) {
    return {
      title: bad.redirectLoop(),
      fix: fix.redirectLoop(),
      cause: 'redirect',
      directives: REDIRECT,
    }
  }
  if (sameRest) {
    return {
      title: bad.redirected({ address: base, other: there }),
      fix: fix.redirected({ other: there }),
      cause: 'redirect',
    }
  }
  if (location.pathname === `${url.pathname}/`) {
    return {
      title: bad.slash(),
      fix: fix.slash({ path: url.pathname }),
      cause: 'slash',
      directives: slash(base),
    }
  }
  return wallAt(base)
}

function pageIn({ asked, status }: HttpAnswer, base: string): Stranger {
  if (status === 403 || status === 429) {
    return {
      title: bad.firewall(),
      fix: fix.firewall(),
      cause: 'firewall',
    }
  }
  const path = asked.split(' ')[1] ?? '/'
  return {
    title: bad.ownPages({ path }),
    fix: basePathOf(base) ? fix.ownPagesBelow({ path: basePathOf(base) }) : fix.ownPages(),
    cause: 'own pages',
    directives: upstream(base),
  }
}

/** The finding for an answer that this server would not give. */
export function oddFound(check: Check, answer: HttpAnswer, base: string, suffers: readonly ClientId[]): Found {
  const stranger = strangerIn(answer, base) ?? {
    title: bad.odd({ asked: answer.asked }),
    fix: fix.odd(),
    cause: `odd ${answer.asked}`,
  }
  return failed(check, { ...stranger, saw: described(answer), suffers })
}
