import { z } from 'zod'
import { operation, permission, resource } from '../../../core/declare/operation.ts'
import { Id, Instant, Line, MessageKey } from '../../../core/declare/values.ts'
import { TRIPS_READ } from '../../trips/contract/index.ts'
import { LeftRow, RowLine, UndoneRow } from './rows.ts'

export * from './deleted-trips.ts'
export * from './sizes.ts'

/** The most commits and rows that one call undoes, and the number of rows from which it must be confirmed. */
export const MOST_COMMITS = 50
export const MOST_ROWS = 20_000
export const ROWS_TO_CONFIRM = 2000

export const undo_others = permission({
  name: 'undo_others',
  title: 'Undo what others did',
  default: 'owner',
  levels: ['admin', 'owner', 'member'],
})

const commit = Line(36).describe('Id of the change, from list_changes.')
const tripId = Id.optional().describe('Trip whose changes are meant; leave it out for your own data outside of trips.')

/** One call, with everything that it changed. */
const ChangeLine = z.object({
  commit,
  at: Instant,
  user_id: Id.nullable().describe('Who did it; null for TREK itself.'),
  user_name: z.string().describe('Empty if the account is gone.'),
  client: z.string().nullable().describe('The assistant that did it; null for the person in the app.'),
  operation: z.string().describe('Name of the operation, as of the tools.'),
  title: z.string().describe('What the operation does, in words.'),
  rows: z.array(RowLine),
  more: z.boolean().describe('Whether it changed more rows than listed.'),
  undone: z.boolean().describe('Whether it is undone.'),
  undoes: z.boolean().describe('Whether it undid others.'),
  refused: z.string().nullable().describe('Why you cannot undo it; null if you can try.'),
  refused_message: MessageKey.nullable(),
})

export const list_changes = operation({
  name: 'list_changes',
  title: 'See what was changed',
  description:
    'Who changed what and when in a trip, newest first, with old and new values. Ids of changes are for undo_changes.',
  effect: 'read',
  scope: TRIPS_READ,
  route: 'GET /changes',
  input: z.object({
    tripId,
    entity: Line(60).optional().describe('Only this kind of row.'),
    rowId: Id.optional().describe('Only this row of the kind `entity`.'),
    userId: Id.optional().describe('Only by this person.'),
    client: Line(200).optional().describe('Only by this assistant.'),
    since: Instant.optional().describe('Only from this moment on.'),
    until: Instant.optional().describe('Only up to this moment.'),
    before: z.int().positive().optional().describe('next_before of the previous page.'),
    limit: z.int().min(1).max(100).default(50).describe('Maximum number to return.'),
  }),
  output: z.object({
    changes: z.array(ChangeLine),
    next_before: z.int().nullable().describe('Pass as before for older changes; null at the end.'),
  }),
  follows: ({ before: _, ...input }, { next_before }) =>
    next_before === null ? null : { tool: 'list_changes', input: { ...input, before: next_before } },
})

export const undo_changes = operation({
  name: 'undo_changes',
  undo: 'own',
  title: 'Undo changes',
  description:
    'Undo changes: deleted rows come back, added ones go, changed fields get their old values. What was changed later stays and is reported. The undo can be undone too.',
  effect: 'update',
  scope: 'trips:write',
  route: 'POST /undo',
  input: z.object({
    tripId,
    commits: z
      .array(commit)
      .min(1)
      .max(MOST_COMMITS)
      .optional()
      .describe('Ids of changes, from list_changes, in any order. Instead: since.'),
    since: Instant.optional().describe('Undo the newest changes since this moment that are not undone yet.'),
    until: Instant.optional().describe('With since: only up to this moment.'),
    userId: Id.optional().describe('With since: only by this person.'),
    client: Line(200).optional().describe('With since: only by this assistant.'),
    before: z.int().positive().optional().describe('With since: next_before of the previous answer.'),
    preview: z.boolean().default(false).describe('Only say what would be undone.'),
    confirm: z.boolean().default(false).describe('Undo many rows although others have to wait.'),
  }),
  output: z.object({
    preview: z.boolean(),
    undone: z.array(
      z.object({
        commit,
        title: z.string(),
        rows: z.array(UndoneRow),
        left: z.array(LeftRow).describe('What stays as it is, and why.'),
        refused: z.string().nullable().describe('Why the whole change stays as it is; null if it was undone.'),
        refused_message: MessageKey.nullable(),
      }),
    ),
    next_before: z.int().nullable().describe('With since: pass as before for older changes; null at the end.'),
  }),
})

export const changes_of_trip = resource({
  uri: 'trek://trips/{tripId}/changes',
  title: 'Changes of a trip',
  description: 'Who changed what and when in a trip, newest first.',
  read: list_changes,
})
