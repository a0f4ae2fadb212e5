import type { Finding, Report } from '../contract/index.ts'

const MARKS: Record<Finding['outcome'], string> = { ok: '[ok]', note: '[note]', failed: '[FAILED]' }

const WORKS = { wholly: 'works', partly: 'works partly', not: 'CANNOT CONNECT' } as const

/** The report as text, to send to somebody who can help. Contains no secrets. */
export function reportText({ address, checked_at, says, proxy, findings, clients }: Report): string {
  return [
    `TREK at ${address}, ${checked_at}${proxy ? `, behind ${proxy}` : ''}`,
    says,
    '',
    ...findings.flatMap(({ outcome, title, saw, fix }) => [
      `${MARKS[outcome]} ${title}`,
      ...(outcome === 'ok' ? [] : [`    ${saw}`, ...(fix ? [`    ${fix}`] : [])]),
    ]),
    '',
    ...clients.map(({ name, works }) => `${WORKS[works]}  ${name}`),
    '',
  ].join('\n')
}
