import { expect, test, vi } from 'vitest'
import { tripWithCollab } from '../../../../test/fixtures/trip-with-collab.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import type { Caller } from '../../../core/data/space.ts'
import { onHook } from '../../../core/run/feature.ts'
import { type News, tripNews } from '../../notifications/server/index.ts'
import { get_trip_summary } from '../../summary/contract/index.ts'
import * as collab from '../contract/index.ts'
import { collabMessage } from '../contract/news.ts'
import { startOf } from './answers.ts'

/** The chat: its pages, replies, deleted messages, reactions and notifications. */

eachDatabase((database) => {
  const scene = () => tripWithCollab(database())

  test('the chat returns its newest messages in chronological order, and older ones before an id', async () => {
    const { send, chat } = await scene()
    const sentIds: number[] = []
    for (let n = 0; n < 103; n++) sentIds.push((await send(`message ${n}`)).id)
    const ids = ({ messages }: Awaited<ReturnType<typeof chat>>) => messages.map(({ id }) => id)
    const newest = await chat()
    expect(ids(newest)).toEqual(sentIds.slice(3))
    expect(newest.remaining).toBe(3)
    const older = await chat({ before: sentIds[3] })
    expect(ids(older)).toEqual(sentIds.slice(0, 3))
    expect(older.remaining).toBe(0)
    expect(await chat({ before: sentIds[0] })).toEqual({ messages: [], remaining: 0 })
  })

  test('long messages make shorter pages, and none is lost between pages', async () => {
    const { send, chat } = await scene()
    const sentIds: number[] = []
    for (let n = 0; n < 40; n++) sentIds.push((await send('x'.repeat(5000))).id)
    const newest = await chat()
    expect(newest.messages.length).toBeLessThan(40)
    const older = await chat({ before: newest.messages[0]?.id })
    expect(older.remaining + older.messages.length).toBe(newest.remaining)
    expect([...older.messages, ...newest.messages].map(({ id }) => id)).toEqual(sentIds.slice(older.remaining))
  })

  test('a message may reply to another message of its trip, and shows the beginning of that message', async () => {
    const { send, ben } = await scene()
    const original = await send(`Shall we take the night train?\n${'Really. '.repeat(50)}`)
    const reply = await send('Yes', ben, { replyTo: original.id })
    expect(reply).toMatchObject({ reply_to: original.id, author: { name: 'Ben' } })
    expect(reply.reply).toMatchObject({ author: { name: 'Ana' }, deleted: false })
    expect(reply.reply?.text).toMatch(/^Shall we take the night train\? Really\. .*…$/)
    const elsewhere = await scene()
    for (const replyTo of [999_999, (await elsewhere.send('elsewhere')).id]) {
      await expect(send('Yes', ben, { replyTo })).rejects.toMatchObject({
        code: 'invalid',
        issues: [{ path: 'replyTo' }],
      })
    }
    await expect(send('   ')).rejects.toMatchObject({ code: 'invalid' })
  })

  test('a deleted message keeps its place without its text, and only its author can delete it', async () => {
    const { send, chat, react, run, tripId, ana, ben, watchers } = await scene()
    const message = await send('The door code is 4711')
    const reply = await send('Thanks', ben, { replyTo: message.id })
    await react(message.id, '👍', ben)
    const remove = (person: Caller) => run(collab.delete_collab_message, { tripId, messageId: message.id }, person)
    await expect(remove(ben)).rejects.toMatchObject({ code: 'forbidden' })
    watchers.ben.rows.length = 0
    await remove(ana)
    await remove(ana)
    expect(watchers.ben.rows).toEqual([
      expect.objectContaining({
        row: expect.objectContaining({ id: message.id, text: '', deleted: true, reactions: [] }),
      }),
    ])
    expect(watchers.ben.lines).toEqual([
      'insert collab_message',
      'insert collab_message',
      'patch collab_message',
      'patch collab_message',
    ])
    const { messages } = await chat()
    expect(JSON.stringify(messages)).not.toContain('4711')
    expect(messages.map(({ text, deleted }) => [text, deleted])).toEqual([
      ['', true],
      ['Thanks', false],
    ])
    expect(messages[1]).toMatchObject({ id: reply.id, reply: { text: '', deleted: true } })
    await expect(react(message.id, '👍')).rejects.toMatchObject({ code: 'conflict' })
    await expect(send('Which?', ben, { replyTo: message.id })).rejects.toMatchObject({ code: 'invalid' })
  })

  test('a reaction is one emoji, and repeating it removes it', async () => {
    const { send, react, ben, ana, watchers } = await scene()
    const { id } = await send('Booked!')
    expect(await react(id, '🎉')).toEqual([{ emoji: '🎉', user_id: ana.userId, name: 'Ana' }])
    await react(id, '🎉', ben)
    // The heart is the same with and without the variation selector.
    await react(id, '❤', ben)
    expect(await react(id, '❤️', ben)).toMatchObject([{ name: 'Ana' }, { name: 'Ben', emoji: '🎉' }])
    expect(await react(id, '🎉')).toMatchObject([{ name: 'Ben', emoji: '🎉' }])
    for (const emoji of ['👩‍👩‍👧‍👦', '🇯🇵', '👍🏽', '1️⃣']) await react(id, emoji)
    for (const emoji of ['', 'a', '1', '👍👍', '👍 ', ':+1:', '<b>'])
      await expect(react(id, emoji), emoji).rejects.toMatchObject({ code: 'invalid' })
    expect(watchers.ben.lines).toEqual(['insert collab_message', ...Array(9).fill('patch collab_message')])
  })

  test('a message has a maximum number of different emoji', async () => {
    const { send, react, ben } = await scene()
    const { id } = await send('Booked!')
    const emoji = [...'😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😗😚😙😋']
    for (const reaction of emoji.slice(0, 20)) await react(id, reaction)
    await expect(react(id, emoji[20] as string)).rejects.toMatchObject({ code: 'conflict' })
    expect(await react(id, emoji[0] as string, ben)).toHaveLength(21)
  })

  test('all other members are notified of a message, and of nothing else', async () => {
    const { catalogue, send, note, poll, tripId } = await scene()
    const notifications: News[] = []
    const answers = catalogue.listenersOf.bind(catalogue)
    vi.spyOn(catalogue, 'listenersOf').mockImplementation((hook) =>
      hook.name === tripNews.name
        ? [onHook(tripNews, async (_, news) => void notifications.push(news))]
        : answers(hook),
    )
    await note()
    await poll()
    await send('See you\nat nine')
    expect(notifications).toEqual([{ tripId, event: collabMessage, to: 'everybody', about: 'See you at nine' }])
  })

  test('deleted messages are not counted', async () => {
    const { send, run, tripId, ana } = await scene()
    const { id } = await send('Hello')
    await send('World')
    await run(collab.delete_collab_message, { tripId, messageId: id }, ana)
    expect((await run(get_trip_summary, { tripId }, ana)).messageCount).toBe(1)
  })

  test('a client that opens a trip gets only the newest messages', async () => {
    const { send, pipeline, tripId, ana } = await scene()
    const sentIds: number[] = []
    for (let n = 0; n <= collab.LATEST_MESSAGES; n++) sentIds.push((await send('x')).id)
    const { rows } = await pipeline.snapshot({ space: 'trip', id: tripId }, ana)
    expect((rows.collab_message as collab.MessageRow[]).map(({ id }) => id)).toEqual(sentIds.slice(1))
  })
})

test('the beginning of a message is one line that never splits a character', () => {
  expect(startOf(' a\n\n b ')).toBe('a b')
  const family = '👩‍👩‍👧‍👦'
  expect(startOf(family.repeat(200))).toBe(`${family.repeat(14)}…`)
  expect(startOf('x'.repeat(160))).toBe('x'.repeat(160))
})
