import { z } from 'zod'

/** All frames of `/ws`, for both sides. The browser imports only the types. */

const Id = z.int().min(0)
const space = z.string().min(1).max(40).describe('A kind of space; `user` is a person’s own rows.')
const id = Id.describe('Which one.')
const seq = Id.describe('The number of the last change that is in it.')
const epoch = z
  .string()
  .max(100)
  .describe('The history that `seq` counts in; another one after a backup was put back. Hand it back with `seq`.')
const place = { space, id }
const where = z.string().max(200)

const way = z
  .enum(['web', 'rest', 'mcp', 'cli', 'system'])
  .describe('`web` is a person in the app, `rest` a program, `mcp` an assistant, `cli` the command line.')
const client = z.string().nullable().describe('The program or assistant, as it names itself.')
const Row = z.looseObject({ id: Id })

export const FrameAuthor = z.object({
  user_id: Id,
  name: z.string().describe('Empty where the account is gone.'),
  way,
  client,
  operation: z.string().describe('The operation that made the change.'),
})

export const Change = z.discriminatedUnion('action', [
  z.object({ entity: z.string(), action: z.enum(['insert', 'patch']), row: Row }),
  z.object({ entity: z.string(), action: z.literal('remove'), id: Id }),
])

export const Present = z.object({
  user_id: Id,
  name: z.string(),
  way,
  client,
  at: where.nullable().describe('Where they look, as their app said it in `here`.'),
})

export const FromClient = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('subscribe'),
      ...place,
      seq: Id.optional().describe('The largest `seq` seen of this space, to get what was missed since.'),
      epoch: epoch
        .optional()
        .describe('The `epoch` that came with the snapshot; without it, `seq` counts for nothing.'),
      view: z
        .string()
        .max(200)
        .optional()
        .describe('The `view` that came with the snapshot; without it, `seq` counts for nothing.'),
      gzip: z
        .boolean()
        .optional()
        .describe(
          'Whether pages of a snapshot may come packed: binary frames, each the gzip of the text of its frame.',
        ),
    })
    .describe('Follow a space. With `seq`, `epoch` and `view` what was missed comes first; without, a `snapshot`.'),
  z.strictObject({ type: z.literal('unsubscribe'), ...place }).describe('Follow it no longer.'),
  z
    .strictObject({
      type: z.literal('here'),
      ...place,
      at: where.optional().describe('Where in it the person looks, in words of the app.'),
    })
    .describe('Be seen in a space that is followed, until `unsubscribe` or the end of the connection.'),
])

export const FromServer = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('snapshot'),
      ...place,
      seq,
      epoch,
      view: z.string().describe('Stands for what the person may see; hand it back with `seq` when you come back.'),
      page: Id.describe('Which page it is; 0 begins a snapshot, also where another one has not come to its end.'),
      more: z.boolean().describe('Whether another page follows.'),
      rows: z
        .record(z.string(), z.array(Row))
        .describe('Rows the person may see, by entity; those of one entity may go on in the next page.'),
    })
    .describe(
      'The answer to `subscribe` without `seq`: everything, of one moment, in one or more pages. Put them aside and show them ' +
        'when the last one is there; live changes follow. A change may be in it already: apply it again.',
    ),
  z
    .object({ type: z.literal('resumed'), ...place, seq })
    .describe('The answer to `subscribe` with `seq`, after everything that was missed; live changes follow.'),
  z
    .object({
      type: z.literal('changes'),
      ...place,
      seq: Id.describe('Keep the largest. Numbers are left out where the person may see nothing of a change.'),
      at: z.string().describe('When, UTC, ISO 8601.'),
      commit: z
        .string()
        .describe('What was written together: the `Idempotency-Key` of the call, where that was a UUID.'),
      by: FrameAuthor,
      changes: z
        .array(Change)
        .describe('In order. A row that is new to the person is an insert, one lost to sight a remove.'),
    })
    .describe('What one operation changed, all at once.'),
  z
    .object({ type: z.literal('reset'), ...place })
    .describe(
      'Too much was missed, a backup was put back, or the person may now see more or less: forget the rows and subscribe ' +
        'without `seq`.',
    ),
  z
    .object({ type: z.literal('presence'), ...place, people: z.array(Present) })
    .describe(
      'Who is in the space now: open apps that said `here`, and assistants that did something in the last minute.',
    ),
  z
    .object({
      type: z.literal('error'),
      code: z.string().describe('The same codes as in the API.'),
      message: z.string().describe('What is wrong, in English.'),
      key: z.string().describe('Names the message, for other languages.'),
      params: z.record(z.string(), z.unknown()).optional().describe('What stands in the message.'),
      hint: z.string().optional().describe('What to do next, in English.'),
      space: space.optional(),
      id: id.optional(),
    })
    .describe('A frame was refused; the connection stays. With `space` and `id`, that space is not followed.'),
  z
    .object({
      type: z.literal('bye'),
      reason: z
        .enum(['gone', 'logged_out', 'too_fast', 'closing'])
        .describe(
          '`gone`: the space is no longer there for the person. `logged_out`: log in again. `too_fast`: too many frames. ' +
            '`closing`: the server stops; come back.',
        ),
      space: space.optional(),
      id: id.optional(),
    })
    .describe('The end: of one subscription with `space` and `id`, else of the connection.'),
])

export type FromClient = z.output<typeof FromClient>
export type FromServer = z.output<typeof FromServer>
export type FrameAuthor = z.output<typeof FrameAuthor>
export type Change = z.output<typeof Change>
export type Present = z.output<typeof Present>
/** A row in wire form. */
export type WireRow = z.output<typeof Row>
export type Bye = Extract<FromServer, { type: 'bye' }>['reason']

/** The close code for each reason in `bye`. */
export const CLOSE_CODES: Record<Exclude<Bye, 'gone'>, number> = {
  logged_out: 4401,
  too_fast: 1008,
  closing: 1001,
}

/** The largest frame that a client can send, in bytes. */
export const LARGEST_FRAME = 64 * 1024
