import type { Message } from '../../core/declare/message.ts'
import { messages } from './messages.ts'

/**
 * The redirect addresses that a program can use (RFC 8252 section 7, OAuth 2.1 section 2.3). The same rules apply
 * however a program becomes known, and to the form in which a person adds one.
 */

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Schemes of known assistants that are not reverse domain names. Any other scheme must be one (RFC 8252 section 7.1): a
 * single word can belong to the browser or the system and start something there.
 */
const ASSISTANTS = new Set(
  [
    'antigravity cherrystudio claude code-oss codex cursor devin goose kiro lmstudio raycast trae vscode vscode-insiders vscodium',
    'warp windsurf workbuddy zed',
  ].flatMap((line) => line.split(' ').map((scheme) => `${scheme}:`)),
)

/** A reversed domain name, beginning with a top-level domain. */
const REVERSE_DOMAIN = /^[a-z]{2,}(\.[a-z0-9]+(-[a-z0-9]+)*)+:$/

// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const ODD = /[\u0000-\u0020\u007f-\uffff\\]/

export const MOST_REDIRECTS = 10
export const LONGEST_REDIRECT = 2000

/** The operator's rules for redirect addresses. */
export interface RedirectRules {
  /** Whether redirects to programs on a private network can be unencrypted. */
  readonly privateHttp: boolean
}

const USUAL: RedirectRules = { privateHttp: true }

/** Why an address is not a valid redirect address, or null. */
export function redirectProblem(address: string, { privateHttp } = USUAL): Message | null {
  const url = address.length <= LONGEST_REDIRECT && !ODD.test(address) ? URL.parse(address) : null
  if (!url) return messages.incompleteAddress()
  if (address.includes('#')) return messages.fragment()
  if (url.username || url.password || /^[^/?]*\/\/[^/?]*@/.test(address)) return messages.nameInAddress()
  if (url.hostname.includes('*')) return messages.wildcard()
  if (url.protocol === 'https:') return null
  if (url.protocol === 'http:') {
    if (LOOPBACK.has(url.hostname)) return null
    if (!isPrivateHost(url.hostname)) return privateHttp ? messages.httpNear() : messages.httpOnLocalhost()
    return privateHttp ? null : messages.httpOnLocalhost()
  }
  if (!REVERSE_DOMAIN.test(url.protocol) && !ASSISTANTS.has(url.protocol)) {
    return messages.scheme({ scheme: url.protocol })
  }
  return url.pathname || url.host ? null : messages.schemeOnly({ scheme: url.protocol })
}

/** RFC 1918, RFC 4193, RFC 6762, RFC 8375, and names that only the local network resolves. */
function isPrivateHost(hostname: string): boolean {
  if (/^\[f[cd][0-9a-f]{2}:/.test(hostname)) return true
  const bytes = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(hostname)?.slice(1).map(Number)
  if (bytes) {
    const [first = 0, second = 0] = bytes
    return first === 10 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168)
  }
  return /^[a-z0-9_-]+$/.test(hostname) || /^([a-z0-9_-]+\.)+(local|lan|internal|home\.arpa)$/.test(hostname)
}

/** Whether the response crosses a private network unencrypted, where others can read it. */
export const isPrivateHttp = (uri: string): boolean => {
  const url = URL.parse(uri)
  return url?.protocol === 'http:' && isPrivateHost(url.hostname) && !LOOPBACK.has(url.hostname)
}

export const isLoopback = (uri: string): boolean => {
  const url = URL.parse(uri)
  return url?.protocol === 'http:' && LOOPBACK.has(url.hostname)
}

/** What people see of an address: its host, or the scheme of a local program. */
export function redirectHost(uri: string): string {
  const url = URL.parse(uri)
  if (!url) return ''
  return /^https?:$/.test(url.protocol) ? url.host : url.protocol
}

/**
 * Whether a program registered with `registered` can be redirected to `requested`. They must be identical, except for
 * the port of a loopback address, which changes at each start (RFC 8252 section 7.3). `anyPath` is for a
 * `http://localhost` that a person entered: any path on this machine.
 */
export function redirectMatches(registered: string, requested: string, { anyPath }: { anyPath: boolean }): boolean {
  if (redirectProblem(requested) !== null) return false
  if (registered === requested) return true
  const registeredUrl = URL.parse(registered)
  const url = URL.parse(requested)
  if (!url || !registeredUrl || !isLoopback(requested) || !isLoopback(registered)) return false
  // An address that browsers normalise (capitals, dots in the path) is not the same address.
  if (url.href !== requested && url.href !== `${requested}/`) return false
  if (anyPath && registeredUrl.pathname === '/' && !registeredUrl.search) return !url.search
  return (
    url.hostname === registeredUrl.hostname &&
    url.pathname === registeredUrl.pathname &&
    url.search === registeredUrl.search
  )
}
