import type { Message } from '../../../core/declare/message.ts'
import type { Report } from '../contract/index.ts'
import { CLIENTS, namesOf } from './clients.ts'
import type { Found } from './findings.ts'
import { verdict } from './messages.ts'

interface Examined {
  readonly base: string
  readonly started: Date
  readonly proxy: string | null
  readonly found: readonly Found[]
  /** Whether all checks could run. */
  readonly complete: boolean
}

/** The findings as texts for people and programs. */
export function reportOf({ base, started, proxy, found: findings, complete }: Examined): Report {
  const clients = CLIENTS.map(({ id, name }) => {
    const reasons = findings.filter(({ suffers }) => suffers.includes(id))
    const reason = reasons.find(({ partly }) => !partly) ?? reasons[0]
    const works = !reason ? 'wholly' : reason.partly ? 'partly' : 'not'
    return { name: name.text, name_message: wireOf(name), works, because: reason?.title.text ?? null } as const
  })
  const outcome = findings[0]?.outcome ?? 'ok'
  const says = inOneLine(outcome, findings, clients, complete)
  return {
    address: base,
    checked_at: started.toISOString(),
    took_ms: Date.now() - started.getTime(),
    outcome,
    says: says.text,
    says_message: wireOf(says),
    proxy,
    findings: findings.map(({ check, outcome, title, saw, suffers, fix, directives }) => ({
      check,
      outcome,
      title: title.text,
      title_message: wireOf(title),
      saw: saw.text,
      saw_message: wireOf(saw),
      suffers: namesOf(suffers).map(({ text }) => text),
      suffers_messages: namesOf(suffers).map(wireOf),
      fix: fix?.text ?? null,
      fix_message: fix && wireOf(fix),
      directives: [...directives],
    })),
    clients,
  }
}

const wireOf = ({ key, params }: Message): { key: string; params: Message['params'] } => ({ key, params })

function inOneLine(
  outcome: Report['outcome'],
  findings: readonly Found[],
  clients: Report['clients'],
  complete: boolean,
): Message {
  const programs = clients.length
  const closed = clients.filter(({ works }) => works === 'not').length
  const count = (kind: Found['outcome']) => findings.filter((one) => one.outcome === kind).length
  if (!complete) return verdict.nobody({ title: findings[0]?.title ?? '' })
  if (outcome === 'ok') return verdict.allOpen({ count: programs })
  if (outcome === 'note') {
    return closed
      ? verdict.someOpen({ count: programs - closed, programs })
      : verdict.couldBeBetter({ count: count('note') })
  }
  const problems = count('failed')
  if (!closed) return verdict.partly({ count: problems })
  return closed === programs
    ? verdict.allClosed({ count: problems, programs })
    : verdict.someClosed({ count: problems, closed, programs })
}
