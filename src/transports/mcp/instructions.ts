import type { Catalogue } from '../../core/run/catalogue.ts'
import type { Instruction } from '../../core/run/feature.ts'
import { barredBy } from '../../core/run/rights.ts'
import type { McpRequest } from './parts.ts'

/** Claude Code silently cuts instructions at 2,048 bytes. */
export const MOST_BYTES = 2000

const SECTIONS = ['words', 'steps', 'formats', 'care'] as const satisfies readonly Instruction['section'][]

/** Instructions for every tool. */
const GENERAL: readonly Instruction[] = [
  {
    section: 'steps',
    text: 'Use ids exactly as you read them. A reorder names every id of the list, so read the list first.',
    needs: [],
  },
  {
    section: 'formats',
    text:
      'Dates are YYYY-MM-DD, times HH:MM (24 hours) at the place, coordinates decimal degrees. In an update, a field that is left ' +
      'out stays and null clears it. When next_cursor is not null, pass it as cursor for the rest. omitted says what was left out, and why.',
    needs: [],
  },
  {
    section: 'care',
    text: 'Ask the person before you delete anything, and say what is lost. Others see every change at once.',
    needs: [],
  },
]

/**
 * The instructions for an assistant when it connects. They come from the features, without those that are switched off
 * or not granted. A notice about the connection itself comes first.
 */
export function instructionsFor({ parts, caller, settings, identity }: McpRequest): string {
  const may = ({ needs }: Instruction) => needs.every((operation) => barredBy(operation, caller, settings) === null)
  return written(parts.pipeline.parts.catalogue, may, identity.notice?.short ?? null)
}

/** The same for the instructions that `may` allows. */
export function written(
  catalogue: Catalogue,
  may: (instruction: Instruction) => boolean,
  notice: string | null,
): string {
  const all = [...catalogue.features.flatMap(({ instructions = [] }) => instructions), ...GENERAL].filter(may)
  const paragraphs = SECTIONS.map((section) =>
    all
      .filter((instruction) => instruction.section === section)
      .map(({ text }) => text)
      .join(' '),
  )
  return [notice, ...paragraphs].filter(Boolean).join('\n\n')
}
