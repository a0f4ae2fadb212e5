/**
 * Who can reach an address: anybody, only those in a network of one's own, or only the machine itself. `plain` is an address
 * that others may reach, but without encryption, which programs in the cloud refuse.
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
  // A name without a dot is one of a network at home.
  if (!/[.:]/.test(host) || OWN_NETWORK.some((pattern) => pattern.test(host))) return 'private'
  return url?.protocol === 'https:' ? 'world' : 'plain'
}
