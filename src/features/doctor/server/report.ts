import type { Report } from '../contract/index.ts'
import { CLIENTS, nameOf } from './clients.ts'
import type { Found } from './findings.ts'

interface Examined {
  readonly base: string
  readonly started: Date
  readonly proxy: string | null
  readonly found: readonly Found[]
  /** Whether everything could be looked at. */
  readonly complete: boolean
}

/** What was found, in the words that people and programs are told. */
export function reportOf({ base, started, proxy, found, complete }: Examined): Report {
  const clients = CLIENTS.map(({ id, name }) => {
    const reasons = found.filter(({ suffers }) => suffers.includes(id))
    const reason = reasons.find(({ partly }) => !partly) ?? reasons[0]
    const works = !reason ? 'wholly' : reason.partly ? 'partly' : 'not'
    return { name, works, because: reason?.title ?? null } as const
  })
  const outcome = found[0]?.outcome ?? 'ok'
  return {
    address: base,
    checked_at: started.toISOString(),
    took_ms: Date.now() - started.getTime(),
    outcome,
    says: inOneLine(outcome, found, clients, complete),
    proxy,
    findings: found.map(({ check, outcome, title, saw, suffers, fix, directives }) => ({
      check,
      outcome,
      title,
      saw,
      suffers: suffers.map(nameOf),
      fix,
      directives: [...directives],
    })),
    clients,
  }
}

function inOneLine(
  outcome: Report['outcome'],
  found: readonly Found[],
  clients: Report['clients'],
  complete: boolean,
): string {
  const closed = clients.filter(({ works }) => works === 'not').length
  const count = (kind: Found['outcome']) => found.filter((one) => one.outcome === kind).length
  const [problems, notes] = [count('failed'), count('note')]
  if (!complete) return `Nobody can connect: ${inside(found[0]?.title ?? '')}.`
  if (outcome === 'ok') return `Everything works: all ${clients.length} known ways to connect are open.`
  if (outcome === 'note') {
    const better = notes === 1 ? 'One thing' : `${notes} things`
    return closed
      ? `${clients.length - closed} of ${clients.length} known ways to connect are open.`
      : `Everybody can connect. ${better} could be better.`
  }
  const troubles = problems === 1 ? 'One problem' : `${problems} problems`
  if (!closed)
    return `Everybody can connect, but ${inside(troubles)} ${problems === 1 ? 'keeps' : 'keep'} something from working.`
  const ways = closed === clients.length ? `all ${closed}` : `${closed} of ${clients.length}`
  return `${troubles} ${problems === 1 ? 'keeps' : 'keep'} ${ways} known ways to connect closed.`
}

/** A sentence as a part of another. */
const inside = (sentence: string): string =>
  /^[A-Z][a-z]/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence
