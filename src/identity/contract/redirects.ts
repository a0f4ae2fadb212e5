/**
 * Where a program may be sent back to, RFC 8252 section 7 and OAuth 2.1 section 2.3. The same rules hold for every way in which a
 * program becomes known, and for the form in which a person writes one down.
 */

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Schemes that run something, read something, or belong to the browser and the system rather than to a program. */
const NOT_FOR_PROGRAMS = new Set(
  [
    'javascript data vbscript blob file filesystem about view-source chrome chrome-extension moz-extension edge opera',
    'resource jar wyciwyg intent android-app ftp ftps ws wss mailto tel sms ssh ldap ldaps gopher urn cid mid news',
  ].flatMap((line) => line.split(' ').map((scheme) => `${scheme}:`)),
)

// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const ODD = /[\u0000-\u0020\u007f-\uffff\\]/

export const MOST_REDIRECTS = 10
export const LONGEST_REDIRECT = 2000
export const INCOMPLETE = 'must be a complete address like https://app.example.org/callback'

/** What is wrong with an address as a place to be sent back to, or null. */
export function redirectProblem(given: string): string | null {
  const url = given.length <= LONGEST_REDIRECT && !ODD.test(given) ? URL.parse(given) : null
  if (!url) return INCOMPLETE
  if (given.includes('#')) return 'must not have a part after #'
  if (url.username || url.password || /^[^/?]*\/\/[^/?]*@/.test(given)) return 'must not have a user name in it'
  if (url.hostname.includes('*')) return 'must be written out, since * stands for nothing else'
  if (url.protocol === 'https:') return null
  if (url.protocol === 'http:') {
    return LOOPBACK.has(url.hostname) ? null : 'must use https, or http on localhost alone'
  }
  if (NOT_FOR_PROGRAMS.has(url.protocol)) return `must not use ${url.protocol}`
  return url.pathname || url.host ? null : `must say more than ${url.protocol}`
}

export const isLoopback = (uri: string): boolean => {
  const url = URL.parse(uri)
  return url?.protocol === 'http:' && LOOPBACK.has(url.hostname)
}

/** What a person is shown of an address: its host, or the scheme of a program on the own machine. */
export function redirectHost(uri: string): string {
  const url = URL.parse(uri)
  if (!url) return ''
  return /^https?:$/.test(url.protocol) ? url.host : url.protocol
}

/**
 * Whether a program may be sent to `given` when `registered` was written down. They are equal to the letter, but for the port of a
 * loopback address, which is another one at each start (RFC 8252 section 7.3). `anyPath` is for what a person wrote down as
 * `http://localhost`: any path of this very machine.
 */
export function redirectMatches(registered: string, given: string, { anyPath }: { anyPath: boolean }): boolean {
  if (redirectProblem(given) !== null) return false
  if (registered === given) return true
  const wanted = URL.parse(registered)
  const url = URL.parse(given)
  if (!url || !wanted || !isLoopback(given) || !isLoopback(registered)) return false
  // What browsers would read differently than it is written (capitals, dots in the path) is not the same address.
  if (url.href !== given && url.href !== `${given}/`) return false
  if (anyPath && wanted.pathname === '/' && !wanted.search) return !url.search
  return url.hostname === wanted.hostname && url.pathname === wanted.pathname && url.search === wanted.search
}
