import ipaddr from 'ipaddr.js'
import { addressOf } from '../../../../core/run/base-path.ts'
import { EVERYBODY } from '../clients.ts'
import { FORWARDED, HOST, headerIn, ownName, titled, upstream } from '../directives.ts'
import { type Arrived, ECHO_PATH } from '../echo.ts'
import { type Found, failed, fine, note } from '../findings.ts'
import { unansweredFound } from '../network.ts'
import type { Probes } from '../probe.ts'
import { described, isOurs, oddFound, strangerIn } from '../strangers.ts'
import { type HttpAnswer, Unanswered, type Visitor } from '../visitor.ts'

/** Headers without which programs or the app do not work, with an example of each. */
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
  /** How the request arrived; null where it did not, and nothing else makes sense. */
  readonly arrived: Arrived | null
  /** The reverse proxy, as the answer names it. */
  readonly proxy: string | null
  /** What the clock of the proxy says. */
  readonly date: string | undefined
}

/** The first request: whether the address leads to this server, and what becomes of a request on the way. */
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
    const found = [
      fine('reach', 'The address answers', described(answer)),
      ...certificate(answer),
      fine('instance', 'It leads to this server', `${visitor.base} answered a question that only this server can.`),
      ...issuer(visitor.base, arrived),
      host(visitor.base, arrived),
      carried(arrived),
      ...sender(arrived, answer.port),
      ...scheme(visitor.base, arrived),
    ]
    return { found, arrived, proxy, date: answer.headers.date }
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
  const said = `${headers.server ?? ''} ${headers.via ?? ''}`
  return NAMES.find(([pattern]) => pattern.test(said))?.[1] ?? null
}

/** What answers where this server should. */
async function impostor(visitor: Visitor, probes: Probes, answer: HttpAnswer): Promise<Found> {
  const { base } = visitor
  const saw = described(answer)
  const unknownHost = /does not answer to the host (\S+)/.exec(String(answer.json?.detail ?? ''))?.[1]
  if (unknownHost === new URL(base).host) {
    return failed('instance', {
      title: 'The server that answers at APP_URL was started with another APP_URL',
      saw,
      suffers: EVERYBODY,
      fix: `If it is this one, restart it with APP_URL=${base}. If it is another, let the proxy forward to this one.`,
      directives: upstream(base),
      cause: 'issuer',
    })
  }
  if (unknownHost) {
    return failed('host', {
      title: `The proxy asks TREK for another host: ${unknownHost}`,
      saw,
      suffers: EVERYBODY,
      fix: `Let the proxy pass on the name that people asked for, as Host and, where it is sent, as X-Forwarded-Host. If ${unknownHost} is right, add it to ALLOWED_HOSTS.`,
      directives: HOST,
      cause: 'host',
    })
  }
  if (answer.status === 503 && isOurs(answer)) return oddFound('instance', answer, base, EVERYBODY)
  if (isOurs(answer) || answer.json) {
    return failed('instance', {
      title: 'APP_URL leads to another server than this one',
      saw: `${saw} Only this server knows the answer to what it was asked.`,
      suffers: EVERYBODY,
      fix: 'Let the proxy forward this name to this server, or correct APP_URL. Where several servers share one database, give them the same ENCRYPTION_KEY.',
      directives: ownName(base),
      cause: 'instance',
    })
  }
  if (answer.status === 404) {
    const path = await prefixOf(visitor, probes)
    const needed = addressOf(base, path ?? '')
    return failed('instance', {
      title: path ? `TREK is served below ${path}, and APP_URL does not say so` : 'Another website answers at APP_URL',
      saw: path ? `${saw} Below ${path} this server answers.` : saw,
      suffers: EVERYBODY,
      fix: path
        ? `Set APP_URL=${needed} and restart TREK, or give TREK a name of its own, like trek.example.org.`
        : 'Give TREK a name of its own, like trek.example.org, and forward everything there, whatever the path. If it is to be served below a path such as /trek, let APP_URL end with it.',
      directives: ownName(needed),
      cause: 'instance',
    })
  }
  return strangerIn(answer, base)
    ? oddFound('instance', answer, base, EVERYBODY)
    : failed('instance', {
        title: 'Another website answers at APP_URL',
        saw,
        suffers: EVERYBODY,
        fix: 'Let the proxy forward this name to TREK, or correct APP_URL.',
        directives: ownName(base),
        cause: 'instance',
      })
}

/** The path below which the proxy has put this server, where it is one that people choose. */
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
      title: 'The certificate ends within a week',
      saw: `It is valid until ${certificateEnds.toISOString().slice(0, 10)}.`,
      fix: 'Look why it is not renewed by itself; when it has ended, nobody can connect.',
    }),
  ]
}

function issuer(base: string, arrived: Arrived): Found[] {
  if (arrived.issuer === base) return []
  return [
    failed('instance', {
      title: 'The server that runs was started with another APP_URL',
      saw: `It gives out addresses below ${arrived.issuer}, and ${base} is what is set here.`,
      suffers: EVERYBODY,
      fix: 'Restart it with the APP_URL that is right, and let this command read the same configuration.',
      cause: 'issuer',
    }),
  ]
}

function host(base: string, { host, reads }: Arrived): Found {
  // By name alone: some proxies leave the port out, and nothing here goes by it.
  const wanted = new URL(base).hostname
  if (nameIn(host) === wanted && nameIn(reads.host) === wanted) {
    return fine('host', 'The name that people ask for arrives', `Host: ${host}`)
  }
  const [header, got] = nameIn(host) === wanted ? ['X-Forwarded-Host', reads.host] : ['Host', host]
  return note('host', {
    title: `The proxy says ${header}: ${got} where people asked for ${wanted}`,
    saw: `${header}: ${got}`,
    fix: 'Nothing suffers as long as APP_URL is right. Let the proxy pass on the name that was asked for all the same.',
    directives: header === 'Host' ? HOST : FORWARDED,
    cause: 'host',
  })
}

const nameIn = (host: string): string => URL.parse(`http://${host}`)?.hostname ?? host

function carried(arrived: Arrived): Found {
  const missing = Object.keys(CARRIED).filter((name) => !arrived.headers.includes(name))
  const [first] = missing
  if (first === undefined) {
    return fine('headers', 'Every header of assistants and of the app arrives', Object.keys(CARRIED).join(', '))
  }
  const names = missing.map(titled).join(', ')
  const what = {
    saw: `These were sent and did not arrive: ${names}.`,
    fix: `Let the proxy pass on ${names} as it came.`,
    directives: missing.flatMap(headerIn),
    cause: `header in ${first}`,
    // Newer programs go back to the older revision where the newest does not get through.
    partly: missing.every((name) => name.startsWith('mcp-') && name !== 'mcp-session-id'),
  }
  if (missing.every((name) => name === 'origin')) {
    return note('headers', {
      ...what,
      title: 'The proxy removes the header Origin, by which TREK knows pages of other sites',
    })
  }
  return failed('headers', {
    ...what,
    title: `The proxy removes the header ${names} from requests`,
    suffers: EVERYBODY.filter((id) => suffersWithout(missing).includes(id)),
  })
}

/** Who needs what was removed. */
function suffersWithout(missing: readonly string[]): readonly string[] {
  const assistants = EVERYBODY.filter((id) => id !== 'app')
  return missing.flatMap((name) => {
    if (name === 'authorization' || name === 'mcp-session-id') return assistants
    if (name === 'cookie') return EVERYBODY
    // These belong to the newest revision, which not everybody speaks yet.
    return name.startsWith('mcp-') ? ['claude', 'claude-code'] : []
  })
}

function sender({ forwarded, reads, peer, trusts }: Arrived, port: number | null): Found[] {
  const believed = trusts && (reads.address !== peer.address || forwarded.for?.endsWith(peer.address))
  if (forwarded.for !== null && !believed) {
    return [
      note('sender', {
        title: trusts
          ? 'TRUST_PROXY names another proxy, so all people share the address of this one'
          : 'TRUST_PROXY is not set, so all people share the address of the proxy',
        saw: `X-Forwarded-For: ${forwarded.for} came from ${peer.address}, who is not believed.`,
        fix: `Set ${trusting(peer.address)} and restart TREK. Until then one person’s wrong passwords lock out everybody.`,
        cause: 'sender',
      }),
    ]
  }
  if (forwarded.for === null && peer.port !== port) {
    return [
      note('sender', {
        title: 'The proxy does not say where requests come from, so all people share its address',
        saw: `A request came from ${peer.address} without X-Forwarded-For.`,
        fix: `Let the proxy send X-Forwarded-For, and set ${trusting(peer.address)}. Until then one person’s wrong passwords lock out everybody.`,
        directives: FORWARDED,
        cause: 'sender',
      }),
    ]
  }
  return [fine('sender', 'TREK learns where requests come from', `This one came from ${reads.address}.`)]
}

/** The setting by which this proxy is believed. */
function trusting(address: string): string {
  const plain = ipaddr.process(address)
  const changes = plain.range() === 'private' || plain.range() === 'uniqueLocal'
  return `TRUST_PROXY=${plain}${changes ? ' (or TRUST_PROXY=uniquelocal where that address changes, as with containers)' : ''}`
}

function scheme(base: string, { forwarded, reads }: Arrived): Found[] {
  const wanted = new URL(base).protocol.slice(0, -1)
  if (forwarded.scheme === null || reads.scheme === wanted || forwarded.scheme === wanted) return []
  return [
    note('scheme', {
      title: `The proxy says ${forwarded.scheme} where people use ${wanted}`,
      saw: `X-Forwarded-Proto: ${forwarded.scheme}`,
      fix: 'Nothing suffers as long as APP_URL is right. Let the proxy say by which scheme people came all the same.',
      directives: FORWARDED,
      cause: 'scheme',
    }),
  ]
}
