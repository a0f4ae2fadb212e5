import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { TrekError } from '../../core/declare/errors.ts'
import { outgoing as messages } from '../messages.ts'

/** Decides which addresses may be called if someone other than the operator names them. */
export interface SsrfGuard {
  /** Throws if the URL may not be called. Host names are judged in `lookup`. */
  check(url: URL): void
  /** Resolves a name for the connection itself, so that the judged address is the connected one. */
  readonly lookup: LookupFunction
}

/** Returns every address of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

const ONLY_INSIDE = new Set(['private', 'carrierGradeNat', 'uniqueLocal'])
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')
// Cloud metadata services, which hold a machine's credentials, in ranges that can otherwise be allowed.
const CREDENTIALS = new Set(['100.100.100.200', 'fd00:ec2::254', 'fd20:ce::254'])

/** Whether an address is public, or internal where that is allowed. */
export function mayCall(address: string, allowInternal: boolean): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  const range = parsed.range()
  if (ONLY_INSIDE.has(range)) return allowInternal && !CREDENTIALS.has(parsed.toString())
  // Rejects all addresses that embed another one (mapped, translated, tunnelled).
  return range === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6))
}

const refused = (host: string): TrekError => messages.notPublic({ host })

export const resolveName: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  })

interface GuardOptions {
  readonly allowInternal: boolean
  readonly resolve: Resolve
  readonly mayCall: (address: string, allowInternal: boolean) => boolean
}

export function createSsrfGuard({ allowInternal, resolve, mayCall }: GuardOptions): SsrfGuard {
  return {
    check(url) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw messages.wrongProtocol({ protocol: url.protocol })
      }
      if (url.username || url.password) {
        throw messages.hasPassword()
      }
      const host = url.hostname.replace(/\.$/, '').toLowerCase()
      if (host === 'localhost' || host.endsWith('.localhost')) throw refused(host)
      if (!allowInternal && /\.(local|internal)$/.test(host)) throw refused(host)
      const address = host.replace(/^\[|\]$/g, '')
      if (ipaddr.isValid(address) && !mayCall(address, allowInternal)) throw refused(host)
    },

    lookup(hostname, { all }, answer) {
      resolve(hostname).then(
        (addresses) => {
          // One bad address rejects the name: only an attack mixes good and bad.
          const first = addresses[0]
          if (!first || !addresses.every(({ address }) => mayCall(address, allowInternal))) {
            answer(refused(hostname), '', 0)
          } else if (all) answer(null, [...addresses])
          else answer(null, first.address, first.family)
        },
        (error: NodeJS.ErrnoException) => answer(error, '', 0),
      )
    },
  }
}
