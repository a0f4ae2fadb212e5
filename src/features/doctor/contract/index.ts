import { z } from 'zod'
import { administration, operation } from '../../../core/declare/operation.ts'
import { Instant, Line, MessageKey } from '../../../core/declare/values.ts'
import { messages } from './messages.ts'

/** `ok`: as it should be. `note`: works, with a drawback. `failed`: somebody cannot connect because of it. */
const Outcome = z.enum(['ok', 'note', 'failed'])
export type Outcome = z.output<typeof Outcome>

/** The configuration for one kind of reverse proxy. */
const Directive = z.object({
  proxy: z.string().describe('nginx, Caddy, Traefik or Apache.'),
  lines: z.string().describe('What to write into its configuration.'),
})

const Finding = z.object({
  check: z.string().describe('What was looked at, in one word that stays the same.'),
  outcome: Outcome,
  title: z.string().describe('What was found, as a sentence in English.'),
  title_message: MessageKey,
  saw: z.string().describe('What was asked and what came back, in English.'),
  saw_message: MessageKey,
  suffers: z.array(z.string()).describe('The programs that cannot connect, or not wholly, because of it.'),
  fix: z.string().nullable().describe('What to do about it, in English; null where there is nothing to do.'),
  fix_message: MessageKey.nullable(),
  directives: z.array(Directive).describe('The same for the reverse proxies that many people use.'),
})
export type Finding = z.output<typeof Finding>

const KnownClient = z.object({
  name: z.string(),
  works: z.enum(['wholly', 'partly', 'not']).describe('Whether it can connect, and whether everything then works.'),
  because: z.string().nullable().describe('The title of the first finding that is in its way.'),
})

/** The findings of the doctor, the worst first. */
export const Report = z.object({
  address: z.string().describe('The public address that was called.'),
  checked_at: Instant,
  took_ms: z.int(),
  outcome: Outcome.describe('The worst of all findings.'),
  says: z.string().describe('All of it in one line, in English.'),
  says_message: MessageKey,
  proxy: z.string().nullable().describe('The reverse proxy as its answers name it, where it is a known one.'),
  findings: z.array(Finding),
  clients: z.array(KnownClient).describe('The programs that are known, and whether they can connect.'),
})
export type Report = z.output<typeof Report>

const WEB_ORIGIN = /^https?:\/\/[^\s/?#@]+$/

export const run_doctor = operation({
  name: 'run_doctor',
  title: 'Check the connection',
  description:
    'Replays what each known program does to connect at the public address of this server, and says what is wrong and how to fix it. Takes up to half a minute.',
  effect: 'update',
  scope: null,
  permission: administration,
  expose: ['rest'],
  route: 'POST /admin/doctor',
  input: z.object({
    opened_at: Line(300)
      .regex(WEB_ORIGIN, { error: messages.origin.key })
      .optional()
      .describe('Where the caller has opened the app, as an origin like https://trek.example.org.'),
    clock: Instant.optional().describe('What the clock of the caller says, to compare it with that of the server.'),
  }),
  output: z.object({ report: Report }),
})
