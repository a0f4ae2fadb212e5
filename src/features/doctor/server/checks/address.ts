import ipaddr from 'ipaddr.js'
import { movedTo } from '../../../../core/run/base-path.ts'
import { ASSISTANTS, FROM_THE_CLOUD } from '../clients.ts'
import { type Found, failed, fine, note } from '../findings.ts'
import { bad, fix, good, seen } from '../messages.ts'

/** From where an address can be reached. */
type Reach = 'machine' | 'network' | 'world'

const INSIDE = /(^|\.)(local|lan|internal|intranet|home|home\.arpa|corp|private|fritz\.box|ts\.net)$/

function reachOf(hostname: string, addresses: readonly string[]): Reach {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (name === 'localhost' || name.endsWith('.localhost')) return 'machine'
  const numeric = ipaddr.isValid(name) ? [name] : addresses
  const ranges = numeric.filter((address) => ipaddr.isValid(address)).map((address) => ipaddr.process(address).range())
  if (ranges.length && ranges.every((range) => range === 'loopback'))
    return ipaddr.isValid(name) ? 'machine' : 'network'
  if (ranges.length && ranges.every((range) => range !== 'unicast')) return 'network'
  if (!ipaddr.isValid(name) && (!name.includes('.') || INSIDE.test(name))) return 'network'
  return 'world'
}

interface Address {
  readonly base: string
  /** Whether APP_URL is set. */
  readonly configured: boolean
  /** What the name resolves to here. */
  readonly addresses: readonly string[]
  /** The address at which the caller has opened the app. */
  readonly openedAt: string | null
}

/** What can be concluded about the public address without calling it. */
export function judgeAddress({ base, configured, addresses, openedAt }: Address): Found[] {
  const { hostname, protocol } = new URL(base)
  const saw =
    addresses.length && !ipaddr.isValid(hostname)
      ? seen.leadsTo({ host: hostname, addresses })
      : seen.address({ address: base })
  const reach = reachOf(hostname, addresses)
  // Without APP_URL all names of this machine are equally good.
  return [
    ...reachFound(),
    ...(configured && openedAt && movedTo(base, openedAt) !== base ? [elsewhere(movedTo(base, openedAt))] : []),
  ]

  function reachFound(): Found[] {
    if (!configured) {
      return [
        note('address', {
          title: bad.noAppUrl(),
          saw: seen.answersAs({ address: base }),
          suffers: FROM_THE_CLOUD,
          fix: fix.noAppUrl(),
          cause: 'address',
        }),
      ]
    }
    if (reach === 'machine') {
      return [
        note('address', {
          title: bad.appUrlIsMachine(),
          saw: seen.appUrl({ address: base }),
          suffers: FROM_THE_CLOUD,
          fix: fix.appUrlIsMachine(),
          cause: 'address',
        }),
      ]
    }
    if (protocol === 'http:' && reach === 'world') {
      return [
        failed('address', {
          title: bad.appUrlIsHttp(),
          saw: seen.appUrl({ address: base }),
          suffers: ASSISTANTS,
          fix: fix.appUrlIsHttp({ address: movedTo(base, `https://${hostname}`) }),
          cause: 'address',
        }),
      ]
    }
    if (reach === 'network') {
      return [
        note('address', {
          title: protocol === 'http:' ? bad.networkHttp() : bad.network(),
          saw,
          suffers: FROM_THE_CLOUD,
          fix: fix.network(),
          cause: 'address',
        }),
      ]
    }
    return [fine('address', good.address(), saw)]
  }

  function elsewhere(opened: string): Found {
    return note('address', {
      title: bad.openedElsewhere(),
      saw: seen.openedElsewhere({ opened, address: base }),
      fix: fix.openedElsewhere({ address: base, opened }),
    })
  }
}
