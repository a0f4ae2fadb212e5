import { z } from 'zod'
import { administration, operation } from '../../../core/declare/operation.ts'
import { Instant, Line, MessageKey } from '../../../core/declare/values.ts'
import { messages } from './messages.ts'

/** `ok`: as it should be. `note`: works, with a drawback. `failed`: somebody cannot connect because of it. */
const Outcome = z.enum(['ok', 'note', 'failed'])
export type Outcome = z.output<typeof Outcome>

/** The configuration for one kind of reverse proxy. */
const Directive = z.object({
  proxy: z.string().describe('The reverse proxy: nginx, Caddy, Traefik or Apache.'),
  lines: z.string().describe('Lines to add to its configuration.'),
})

const Finding = z.object({
  check: z.string().describe('Name of the check: one word that stays the same.'),
  outcome: Outcome,
  title: z.string().describe('The finding, as a sentence in English.'),
  title_message: MessageKey,
  saw: z.string().describe('The request and what came back, in English.'),
  saw_message: MessageKey,
  suffers: z.array(z.string()).describe('Names of the programs that cannot connect, or only partly, because of it.'),
  suffers_messages: z.array(MessageKey),
  fix: z.string().nullable().describe('How to fix it, in English; null when there is nothing to do.'),
  fix_message: MessageKey.nullable(),
  directives: z.array(Directive).describe('The fix as configuration for common reverse proxies.'),
})
export type Finding = z.output<typeof Finding>

const KnownClient = z.object({
  name: z.string(),
  name_message: MessageKey,
  works: z
    .enum(['wholly', 'partly', 'not'])
    .describe('wholly: everything works. partly: it connects, but not everything works. not: it cannot connect.'),
  because: z.string().nullable().describe('Title of the finding that stands in its way; null when none does.'),
})

/** The findings of the doctor, the worst first. */
export const Report = z.object({
  address: z.string().describe('The public address that was checked.'),
  checked_at: Instant,
  took_ms: z.int(),
  outcome: Outcome.describe('The worst outcome of all findings.'),
  says: z.string().describe('Summary of the report in one line, in English.'),
  says_message: MessageKey,
  proxy: z.string().nullable().describe('The reverse proxy, as its answers name it; null when it is not a known one.'),
  findings: z.array(Finding),
  clients: z.array(KnownClient).describe('The known programs, and whether they can connect.'),
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
      .describe('Origin at which the caller opened the app, such as https://trek.example.org.'),
    clock: Instant.optional().describe('Time on the caller’s clock, to compare with the server’s.'),
  }),
  output: z.object({ report: Report }),
})
