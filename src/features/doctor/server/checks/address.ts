import ipaddr from 'ipaddr.js'
import { movedTo } from '../../../../core/run/base-path.ts'
import { ASSISTANTS, FROM_THE_CLOUD } from '../clients.ts'
import { type Found, failed, fine, note } from '../findings.ts'

/** How far an address reaches. */
type Reach = 'machine' | 'network' | 'world'

const INSIDE = /(^|\.)(local|lan|internal|intranet|home|home\.arpa|corp|private|fritz\.box|ts\.net)$/

function reachOf(hostname: string, addresses: readonly string[]): Reach {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (name === 'localhost' || name.endsWith('.localhost')) return 'machine'
  const known = ipaddr.isValid(name) ? [name] : addresses
  const ranges = known.filter((address) => ipaddr.isValid(address)).map((address) => ipaddr.process(address).range())
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
  /** What the name leads to, as seen from here. */
  readonly addresses: readonly string[]
  /** Where whoever asks has opened the app. */
  readonly openedAt: string | null
}

/** What can be said of the public address without calling it. */
export function judgeAddress({ base, configured, addresses, openedAt }: Address): Found[] {
  const { hostname, protocol } = new URL(base)
  const saw = addresses.length && !ipaddr.isValid(hostname) ? `${hostname} leads to ${addresses.join(', ')}.` : base
  const reach = reachOf(hostname, addresses)
  // Without APP_URL every name of this machine is as good as the other.
  return [
    ...reachFound(),
    ...(configured && openedAt && movedTo(base, openedAt) !== base ? [elsewhere(movedTo(base, openedAt))] : []),
  ]

  function reachFound(): Found[] {
    if (!configured) {
      return [
        note('address', {
          title: 'APP_URL is not set, so only programs on this very machine can connect',
          saw: `TREK answers as ${base}.`,
          suffers: FROM_THE_CLOUD,
          fix: 'Put a reverse proxy with https in front of TREK and set APP_URL to the address that people type, like APP_URL=https://trek.example.org. Then restart TREK.',
          cause: 'address',
        }),
      ]
    }
    if (reach === 'machine') {
      return [
        note('address', {
          title: 'APP_URL names this machine, so only programs on it can connect',
          saw: `APP_URL is ${base}.`,
          suffers: FROM_THE_CLOUD,
          fix: 'Set APP_URL to the address that people type, like APP_URL=https://trek.example.org, and restart TREK.',
          cause: 'address',
        }),
      ]
    }
    if (protocol === 'http:' && reach === 'world') {
      return [
        failed('address', {
          title: 'APP_URL is http: passwords and tokens travel in the clear, and assistants refuse it',
          saw: `APP_URL is ${base}.`,
          suffers: ASSISTANTS,
          fix: `Let the proxy serve https (Caddy gets a certificate by itself), set APP_URL=${movedTo(base, `https://${hostname}`)} and restart TREK.`,
          cause: 'address',
        }),
      ]
    }
    if (reach === 'network') {
      return [
        note('address', {
          title:
            protocol === 'http:'
              ? 'APP_URL is http and inside your own network: programs elsewhere cannot reach it'
              : 'APP_URL leads into your own network: programs elsewhere cannot reach it',
          saw,
          suffers: FROM_THE_CLOUD,
          fix: 'Claude and ChatGPT call from the internet, so they need a public name with https. On a computer inside the network, Claude Code, Cursor, VS Code and mcp-remote work as it is (mcp-remote wants --allow-http where there is no https).',
          cause: 'address',
        }),
      ]
    }
    return [fine('address', 'APP_URL is a public address with https', saw)]
  }

  function elsewhere(opened: string): Found {
    return note('address', {
      title: 'You have opened TREK at another address than APP_URL',
      saw: `You are at ${opened}, and APP_URL is ${base}.`,
      fix: `Use ${base}, or set APP_URL=${opened} if that is where people go. Assistants know one address alone.`,
    })
  }
}
