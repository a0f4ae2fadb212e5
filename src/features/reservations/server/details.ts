import { invalidField } from '../../../core/declare/errors.ts'
import { wrong } from '../../../core/declare/value-messages.ts'
import { messageOfIssue } from '../../../core/declare/wording.ts'
import { Endpoint } from '../contract/endpoint.ts'
import { type DetailsInput, MOST_DETAILS, type ReservationRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

type Details = Pick<ReservationRow, 'metadata' | 'endpoints'>

/** Details that an endpoint can hold instead, and their names there. */
const AT_AN_END = new Map([
  ['flight_number', 'number'],
  ['train_number', 'number'],
  ['platform', 'platform'],
  ['seat', 'seat'],
] as const)

type AtAnEnd = 'number' | 'platform' | 'seat'

/**
 * The details of a transport after a change: null or an empty text removes one, and a detail not named stays. A detail
 * that an endpoint of a single leg holds also changes there, so that the two never differ.
 */
export function detailsAfter(changes: DetailsInput, before: Details = { metadata: {}, endpoints: [] }): Details {
  let { endpoints } = before
  const metadata = new Map(Object.entries(before.metadata))
  for (const [name, value] of Object.entries(changes)) {
    const at: AtAnEnd | undefined = AT_AN_END.get(name as never)
    const [holder, ...others] = at ? endpoints.filter((end) => end[at] !== null) : []
    const isKnown = metadata.has(name)
    if (at && holder) {
      const isOneLeg = !others.length && endpoints.length <= 2
      if (isOneLeg)
        endpoints = endpoints.map((end) => (end === holder ? { ...end, [at]: atEnd(name, at, value) } : end))
      else if (!isKnown) throw ofOneLeg(name, at)
      if (!isKnown) continue
    }
    if (!value?.trim()) metadata.delete(name)
    else metadata.set(name, value)
  }
  if (metadata.size > MOST_DETAILS) {
    throw invalidField('metadata', messages.tooManyDetails({ maximum: MOST_DETAILS }))
  }
  return { metadata: Object.fromEntries(metadata), endpoints }
}

const ofOneLeg = (name: string, at: AtAnEnd) => invalidField(`metadata.${name}`, messages.severalEnds({ field: at }))

function atEnd(name: string, at: AtAnEnd, value: string | null): string | null {
  if (!value?.trim()) return null
  const read = Endpoint.shape[at].safeParse(value, { reportInput: true })
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw invalidField(`metadata.${name}`, issue ? messageOfIssue(issue) : wrong.refused())
}
