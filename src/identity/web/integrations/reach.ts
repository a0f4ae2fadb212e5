/**
 * Who can reach a URL: everyone, only a private network, or only the machine itself. `plain` is reachable by others but
 * unencrypted, which cloud programs refuse.
 */
export type Reach = 'world' | 'private' | 'plain' | 'machine'

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/
const OWN_NETWORK = [
  /^10\./,
  /^192\.168\./,
  /^172\.(1[6-9]|2\d|3[01])\./,
  /^169\.254\./,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^\[f[cd][0-9a-f]{2}:/,
  /^\[fe[89ab][0-9a-f]:/,
  /\.(local|lan|home|internal|intranet|localdomain|home\.arpa)$/,
]

export function reachOf(address: string): Reach {
  const url = URL.parse(address)
  const host = url?.hostname ?? 'localhost'
  if (LOOPBACK.test(host)) return 'machine'
  // A name without a dot belongs to a home network.
  if (!/[.:]/.test(host) || OWN_NETWORK.some((pattern) => pattern.test(host))) return 'private'
  return url?.protocol === 'https:' ? 'world' : 'plain'
}
