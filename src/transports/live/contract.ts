import { z } from 'zod'

/** All frames of `/ws`, for both sides. The browser imports only the types. */

const Id = z.int().min(0)
const space = z.string().min(1).max(40).describe('The kind of space; `user` holds a person’s own rows.')
const id = Id.describe('Id of the space, such as the id of the trip.')
const seq = Id.describe('Number of the last change that is included.')
const epoch = z
  .string()
  .max(100)
  .describe('The history that `seq` counts in; a new one after a backup was restored. Send it back with `seq`.')
const place = { space, id }
const where = z.string().max(200)

const way = z
  .enum(['web', 'rest', 'mcp', 'cli', 'system'])
  .describe(
    '`web` is a person in the app, `rest` a program, `mcp` an assistant, `cli` the command line, `system` the server itself.',
  )
const client = z.string().nullable().describe('Name that the program or assistant gives itself.')
const Row = z.looseObject({ id: Id })

export const FrameAuthor = z.object({
  user_id: Id,
  name: z.string().describe('Name of the person; empty when the account was deleted.'),
  way,
  client,
  operation: z.string().describe('Name of the operation that made the change.'),
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
  at: where.nullable().describe('Which part of the space they are viewing, as sent in `here`.'),
})

export const FromClient = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('subscribe'),
      ...place,
      seq: Id.optional().describe('Largest `seq` received for this space, to get only the changes since then.'),
      epoch: epoch.optional().describe('`epoch` of the snapshot; when omitted, `seq` is ignored.'),
      view: z.string().max(200).optional().describe('`view` of the snapshot; when omitted, `seq` is ignored.'),
      gzip: z
        .boolean()
        .optional()
        .describe(
          'Whether pages of a snapshot may come compressed: as binary frames, each the gzip of the text of its frame. Default: false.',
        ),
    })
    .describe(
      'Follow a space. With `seq`, `epoch` and `view`, the missed changes come first; without them, a `snapshot`.',
    ),
  z.strictObject({ type: z.literal('unsubscribe'), ...place }).describe('Stop following a space.'),
  z
    .strictObject({
      type: z.literal('here'),
      ...place,
      at: where.optional().describe('Which part of the space the person is viewing, in the app’s own words.'),
    })
    .describe('Show the person as present in a followed space, until `unsubscribe` or the end of the connection.'),
])

export const FromServer = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('snapshot'),
      ...place,
      seq,
      epoch,
      view: z.string().describe('Identifies what the person may see. Send it back with `seq` after a reconnect.'),
      page: Id.describe('Number of the page. 0 starts a new snapshot, even if the previous one is incomplete.'),
      more: z.boolean().describe('Whether another page follows.'),
      rows: z
        .record(z.string(), z.array(Row))
        .describe('The rows that the person may see, by entity. The rows of one entity may continue on the next page.'),
    })
    .describe(
      'The answer to `subscribe` without `seq`: all rows at one moment, in one or more pages. Collect the pages and show them ' +
        'when the last one has arrived; live changes follow. A snapshot may already include a change: apply it again.',
    ),
  z
    .object({ type: z.literal('resumed'), ...place, seq })
    .describe('The answer to `subscribe` with `seq`, after all missed changes; live changes follow.'),
  z
    .object({
      type: z.literal('changes'),
      ...place,
      seq: Id.describe(
        'Number of the change. Keep the largest. Numbers of changes that the person may not see are skipped.',
      ),
      at: z.string().describe('Time of the change, UTC, ISO 8601.'),
      commit: z
        .string()
        .describe('Id of everything written together: the `Idempotency-Key` of the call if that was a UUID.'),
      by: FrameAuthor,
      changes: z
        .array(Change)
        .describe(
          'The changed rows, in order. A row that the person can newly see is an insert; one they can no longer see is a remove.',
        ),
    })
    .describe('What one operation changed in the space, all at once.'),
  z
    .object({ type: z.literal('reset'), ...place })
    .describe(
      'Too much was missed, a backup was restored, or the person may now see more or less: discard the rows and subscribe ' +
        'without `seq`.',
    ),
  z
    .object({ type: z.literal('presence'), ...place, people: z.array(Present) })
    .describe(
      'Who is in the space now: open apps that sent `here`, and assistants that did something in the last minute.',
    ),
  z
    .object({
      type: z.literal('error'),
      code: z.string().describe('Error code, the same as in the API.'),
      message: z.string().describe('The problem, in English.'),
      key: z.string().describe('Key of the message, for translation.'),
      params: z.record(z.string(), z.unknown()).optional().describe('Values for its placeholders.'),
      hint: z.string().optional().describe('What to do next, in English.'),
      space: space.optional(),
      id: id.optional(),
    })
    .describe('A frame was refused; the connection stays open. With `space` and `id`: that space is not followed.'),
  z
    .object({
      type: z.literal('bye'),
      reason: z
        .enum(['gone', 'logged_out', 'too_fast', 'closing'])
        .describe(
          '`gone`: the space was deleted, or the person lost access to it. `logged_out`: log in again. `too_fast`: too many frames. ' +
            '`closing`: the server is stopping; reconnect.',
        ),
      space: space.optional(),
      id: id.optional(),
    })
    .describe('The end of one subscription, with `space` and `id`; otherwise of the connection.'),
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
