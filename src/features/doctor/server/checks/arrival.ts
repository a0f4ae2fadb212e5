import ipaddr from 'ipaddr.js'
import type { Message } from '../../../../core/declare/message.ts'
import { addressOf } from '../../../../core/run/base-path.ts'
import { EVERYBODY } from '../clients.ts'
import { FORWARDED, HOST, headerIn, ownName, titled, upstream } from '../directives.ts'
import { type Arrived, ECHO_PATH } from '../echo.ts'
import { type Found, failed, fine, note } from '../findings.ts'
import { bad, fix, good, seen } from '../messages.ts'
import { unansweredFound } from '../network.ts'
import type { Probes } from '../probe.ts'
import { described, isOurs, oddFound, strangerIn } from '../strangers.ts'
import { type HttpAnswer, Unanswered, type Visitor } from '../visitor.ts'

/** Headers that programs or the app need, with an example of each. */
const CARRIED: Readonly<Record<string, string>> = {
  authorization: 'Bearer of-the-doctor',
  cookie: 'trek_doctor=1',
  'mcp-session-id': '00000000-0000-0000-0000-000000000000',
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'server/discover',
  'mcp-name': 'nothing',
  origin: '',
}

export interface Arrival {
  readonly found: Found[]
  /** How the request arrived; null if it did not, and then no other check makes sense. */
  readonly arrived: Arrived | null
  /** The reverse proxy, as named in the answer. */
  readonly proxy: string | null
  /** The time of the proxy's clock. */
  readonly date: string | undefined
}

/** The first request: whether the address leads to this server, and what proxies change in the request. */
export async function arrivalAt(visitor: Visitor, probes: Probes): Promise<Arrival> {
  const nowhere = { arrived: null, proxy: null, date: undefined }
  const question = probes.question()
  try {
    const headers = { ...CARRIED, origin: visitor.origin }
    const answer = await visitor.ask(`${ECHO_PATH}?question=${question}`, { headers })
    const proxy = proxyIn(answer)
    const arrived = answer.json as Arrived | undefined
    if (!arrived || !probes.isAnswer(question, arrived.answer)) {
      return { ...nowhere, proxy, found: [await impostor(visitor, probes, answer)] }
    }
    const findings = [
      fine('reach', good.reach(), described(answer)),
      ...certificate(answer),
      fine('instance', good.instance(), seen.ownAnswer({ address: visitor.base })),
      ...issuer(visitor.base, arrived),
      host(visitor.base, arrived),
      carried(arrived),
      ...sender(arrived, answer.port),
      ...scheme(visitor.base, arrived),
    ]
    return { found: findings, arrived, proxy, date: answer.headers.date }
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
    return { ...nowhere, found: [unansweredFound('reach', error, visitor.base)] }
  }
}

const NAMES: readonly [RegExp, string][] = [
  [/nginx|openresty/i, 'nginx'],
  [/caddy/i, 'Caddy'],
  [/traefik/i, 'Traefik'],
  [/apache/i, 'Apache'],
]

function proxyIn({ headers }: HttpAnswer): string | null {
  const headerText = `${headers.server ?? ''} ${headers.via ?? ''}`
  return NAMES.find(([pattern]) => pattern.test(headerText))?.[1] ?? null
}

/** The finding for another server that answers at the address. */
async function impostor(visitor: Visitor, probes: Probes, answer: HttpAnswer): Promise<Found> {
  const { base } = visitor
  const saw = described(answer)
  const unknownHost = /does not answer to the host (\S+)/.exec(String(answer.json?.detail ?? ''))?.[1]
  if (unknownHost === new URL(base).host) {
    return failed('instance', {
      title: bad.otherAppUrlThere(),
      saw,
      suffers: EVERYBODY,
      fix: fix.otherAppUrlThere({ address: base }),
      directives: upstream(base),
      cause: 'issuer',
    })
  }
  if (unknownHost) {
    return failed('host', {
      title: bad.otherHost({ host: unknownHost }),
      saw,
      suffers: EVERYBODY,
      fix: fix.otherHost({ host: unknownHost }),
      directives: HOST,
      cause: 'host',
    })
  }
  if (answer.status === 503 && isOurs(answer)) return oddFound('instance', answer, base, EVERYBODY)
  if (isOurs(answer) || answer.json) {
    return failed('instance', {
      title: bad.otherServer(),
      saw: seen.otherAnswer({ answer: saw }),
      suffers: EVERYBODY,
      fix: fix.otherServer(),
      directives: ownName(base),
      cause: 'instance',
    })
  }
  if (answer.status === 404) {
    const path = await prefixOf(visitor, probes)
    const needed = addressOf(base, path ?? '')
    return failed('instance', {
      title: path ? bad.belowPath({ path }) : bad.otherSite(),
      saw: path ? seen.answersBelow({ answer: saw, path }) : saw,
      suffers: EVERYBODY,
      fix: path ? fix.belowPath({ address: needed }) : fix.ownName(),
      directives: ownName(needed),
      cause: 'instance',
    })
  }
  return strangerIn(answer, base)
    ? oddFound('instance', answer, base, EVERYBODY)
    : failed('instance', {
        title: bad.otherSite(),
        saw,
        suffers: EVERYBODY,
        fix: fix.otherSite(),
        directives: ownName(base),
        cause: 'instance',
      })
}

/** The path at which the proxy serves this server, if it is the common one. */
async function prefixOf(visitor: Visitor, probes: Probes): Promise<string | null> {
  const question = probes.question()
  const answer = await visitor.ask(`/trek${ECHO_PATH}?question=${question}`).catch(() => null)
  return probes.isAnswer(question, answer?.json?.answer) ? '/trek' : null
}

const WEEK_MS = 7 * 86_400_000

function certificate({ certificateEnds }: HttpAnswer): Found[] {
  if (!certificateEnds || certificateEnds.getTime() - Date.now() > WEEK_MS) return []
  return [
    note('reach', {
      title: bad.certificateEnds(),
      saw: seen.validUntil({ date: certificateEnds.toISOString().slice(0, 10) }),
      fix: fix.certificateEnds(),
    }),
  ]
}

function issuer(base: string, arrived: Arrived): Found[] {
  if (arrived.issuer === base) return []
  return [
    failed('instance', {
      title: bad.otherAppUrl(),
      saw: seen.otherIssuer({ issuer: arrived.issuer, address: base }),
      suffers: EVERYBODY,
      fix: fix.otherAppUrl(),
      cause: 'issuer',
    }),
  ]
}

function host(base: string, { host, reads }: Arrived): Found {
  // Compares the names alone: some proxies drop the port, and nothing here depends on it.
  const expected = new URL(base).hostname
  if (nameIn(host) === expected && nameIn(reads.host) === expected) {
    return fine('host', good.host(), seen.header({ header: 'Host', value: host }))
  }
  const [header, got] =
    nameIn(host) === expected ? (['X-Forwarded-Host', reads.host] as const) : (['Host', host] as const)
  return note('host', {
    title: bad.hostChanged({ header, sent: got, host: expected }),
    saw: seen.header({ header, value: got }),
    fix: fix.hostChanged(),
    directives: header === 'Host' ? HOST : FORWARDED,
    cause: 'host',
  })
}

const nameIn = (host: string): string => URL.parse(`http://${host}`)?.hostname ?? host

function carried(arrived: Arrived): Found {
  const missing = Object.keys(CARRIED).filter((name) => !arrived.headers.includes(name))
  const [first] = missing
  if (first === undefined) {
    return fine('headers', good.headers(), seen.headersArrived({ headers: Object.keys(CARRIED) }))
  }
  const headers = missing.map(titled)
  const what = {
    saw: seen.headersLost({ headers }),
    fix: fix.headersLost({ headers }),
    directives: missing.flatMap(headerIn),
    cause: `header in ${first}`,
    // Newer programs fall back to the older revision if the newest does not work.
    partly: missing.every((name) => name.startsWith('mcp-') && name !== 'mcp-session-id'),
  }
  if (missing.every((name) => name === 'origin')) {
    return note('headers', {
      ...what,
      title: bad.originLost(),
    })
  }
  return failed('headers', {
    ...what,
    title: bad.headersLost({ count: headers.length, headers }),
    suffers: EVERYBODY.filter((id) => suffersWithout(missing).includes(id)),
  })
}

/** Which programs need the removed headers. */
function suffersWithout(missing: readonly string[]): readonly string[] {
  const assistants = EVERYBODY.filter((id) => id !== 'app')
  return missing.flatMap((name) => {
    if (name === 'authorization' || name === 'mcp-session-id') return assistants
    if (name === 'cookie') return EVERYBODY
    // These belong to the newest revision, which not every program supports yet.
    return name.startsWith('mcp-') ? ['claude', 'claude-code'] : []
  })
}

function sender({ forwarded, reads, peer, trusts }: Arrived, port: number | null): Found[] {
  const believed = trusts && (reads.address !== peer.address || forwarded.for?.endsWith(peer.address))
  if (forwarded.for !== null && !believed) {
    return [
      note('sender', {
        title: trusts ? bad.otherProxyTrusted() : bad.noProxyTrusted(),
        saw: seen.senderNotBelieved({ sender: forwarded.for, proxy: peer.address }),
        fix: fix.noProxyTrusted({ setting: trusting(peer.address) }),
        cause: 'sender',
      }),
    ]
  }
  if (forwarded.for === null && peer.port !== port) {
    return [
      note('sender', {
        title: bad.noSender(),
        saw: seen.noSender({ proxy: peer.address }),
        fix: fix.noSender({ setting: trusting(peer.address) }),
        directives: FORWARDED,
        cause: 'sender',
      }),
    ]
  }
  return [fine('sender', good.sender(), seen.sender({ sender: reads.address }))]
}

/** The setting that makes the server trust this proxy. */
function trusting(ip: string): Message {
  const plain = ipaddr.process(ip)
  const address = plain.toString()
  const changes = plain.range() === 'private' || plain.range() === 'uniqueLocal'
  return changes ? fix.trustChangingProxy({ address }) : fix.trustProxy({ address })
}

function scheme(base: string, { forwarded, reads }: Arrived): Found[] {
  const expected = new URL(base).protocol.slice(0, -1)
  if (forwarded.scheme === null || reads.scheme === expected || forwarded.scheme === expected) return []
  return [
    note('scheme', {
      title: bad.scheme({ sent: forwarded.scheme, scheme: expected }),
      saw: seen.header({ header: 'X-Forwarded-Proto', value: forwarded.scheme }),
      fix: fix.scheme(),
      directives: FORWARDED,
      cause: 'scheme',
    }),
  ]
}
