import type { Report } from '../../features/doctor/contract/index.ts'
import { type CommandContext, table } from '../command.ts'
import type { Finding } from './finding.ts'

/** How the result of a check begins. */
export const MARKS = { ok: 'ok', warning: 'note', note: 'note', failed: 'FAILED' } as const

const WORKS = { wholly: 'works', partly: 'works partly', not: 'CANNOT CONNECT' } as const

/** Tests the address in front of the server by calling it as programs do, or says why it was not tested. */
export async function connection(context: CommandContext, checks: readonly Finding[]): Promise<Report | string> {
  const health = (name: string) => checks.find(({ check }) => check === name)?.health
  const { appUrl, port } = context.config
  if (health('database') !== 'ok') return 'the database has to be there first'
  if (health('server') !== 'ok' && !(port === 0 && appUrl))
    return 'the server does not run, so nothing was asked at its address'
  if (health('migrations') !== 'ok') return 'the server that runs is an older one; restart it first'
  const { doctor } = await context.product()
  return doctor.examine({})
}

/** The lines that a person reads. */
export function linesOf({ address, says, proxy, findings, clients }: Report): string[] {
  const problems = findings.filter(({ outcome }) => outcome !== 'ok')
  return [
    '',
    `The way to ${address}`,
    says,
    ...problems.flatMap(({ outcome, title, saw, suffers, fix, directives }) => [
      '',
      `${MARKS[outcome]}  ${title}`,
      `    Seen: ${saw}`,
      ...(suffers.length ? [`    Concerns: ${suffers.join('; ')}`] : []),
      ...(fix ? [`    To do: ${fix}`] : []),
      ...directives
        .filter((one) => proxy === null || one.proxy === proxy)
        .flatMap((one) => [`    ${one.proxy}:`, ...one.lines.split('\n').map((line) => `        ${line}`.trimEnd())]),
    ]),
    '',
    ...table(clients.map(({ name, works }) => [WORKS[works], name])),
    ...(problems.length
      ? ['', 'Whole configurations for nginx, Caddy, Traefik and Apache are in docs/reverse-proxy.md.']
      : []),
  ]
}
