import type { Message } from '../../../core/declare/message.ts'
import type { ClientId } from './clients.ts'
import type { Directives } from './directives.ts'
import { seen } from './messages.ts'

/** All checks, the most important first. */
export const CHECKS = [
  'reach',
  'instance',
  'address',
  'host',
  'headers',
  'addon',
  'challenge',
  'discovery',
  'registration',
  'consent',
  'token',
  'session',
  'stream',
  'modern',
  'websocket',
  'pages',
  'size',
  'patience',
  'sender',
  'scheme',
  'shortcuts',
  'clock',
  'metrics',
  'traces',
] as const

export type Check = (typeof CHECKS)[number]

/** The result of a check, with the programs by their ids. */
export interface Found {
  readonly check: Check
  readonly outcome: 'ok' | 'note' | 'failed'
  readonly title: Message
  readonly saw: Message
  readonly suffers: readonly ClientId[]
  /** Whether they can still connect and only lack a part. */
  readonly partly: boolean
  readonly fix: Message | null
  /** The configuration that solves it. */
  readonly directives: Directives
  /** The common cause: of several findings with one cause, the report shows one. */
  readonly cause: string | null
}

interface Trouble {
  readonly title: Message
  readonly saw: Message
  readonly fix: Message
  readonly suffers?: readonly ClientId[]
  readonly partly?: boolean
  readonly directives?: Directives
  readonly cause?: string
}

const trouble =
  (outcome: 'note' | 'failed') =>
  (check: Check, { title, saw, fix, suffers = [], partly = false, directives, cause }: Trouble): Found => ({
    check,
    outcome,
    title,
    saw,
    fix,
    suffers,
    partly,
    directives: directives ?? [],
    cause: cause ?? null,
  })

export const failed = trouble('failed')
export const note = trouble('note')

export const fine = (check: Check, title: Message, saw: Message): Found => ({
  check,
  outcome: 'ok',
  title,
  saw,
  suffers: [],
  partly: false,
  fix: null,
  directives: [],
  cause: null,
})

/** Several observations, joined. */
export const together = (saws: readonly Message[]): Message =>
  saws.reduce((first, second) => seen.both({ first, second }))

const allSeen = (saws: readonly Message[]): Message =>
  together([...new Map(saws.map((saw) => [saw.text, saw])).values()].slice(0, MOST_SAWS))

const GRAVITY = { failed: 0, note: 1, ok: 2 }
const MOST_SAWS = 3

/** Sorts the worst first, and merges findings with one cause into one that lists everybody affected. */
export function merged(findings: readonly Found[]): Found[] {
  const ordered = [...findings].sort(
    (a, b) => GRAVITY[a.outcome] - GRAVITY[b.outcome] || CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check),
  )
  const byCause = new Map<string, Found[]>()
  for (const one of ordered) {
    const cause = one.cause ?? `${one.check} ${one.title.text}`
    byCause.set(cause, [...(byCause.get(cause) ?? []), one])
  }
  return [...byCause.values()].map(([first, ...others]) => ({
    ...(first as Found),
    saw: allSeen([first as Found, ...others].map(({ saw }) => saw)),
    suffers: [...new Set([first as Found, ...others].flatMap(({ suffers }) => suffers))],
    partly: [first as Found, ...others].every(({ partly }) => partly),
  }))
}
