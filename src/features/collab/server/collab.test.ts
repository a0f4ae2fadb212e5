import { afterEach, expect, test, vi } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import type { Caller } from '../../../core/data/space.ts'
import { INSTANCE } from '../../../core/data/space.ts'
import { onHook } from '../../../core/run/feature.ts'
import { setAddon, setLevel } from '../../../core/run/settings.ts'
import { delete_user } from '../../admin/contract/index.ts'
import { type News, tripNews } from '../../notifications/server/index.ts'
import { get_trip_summary } from '../../summary/contract/index.ts'
import { add_trip_member, copy_trip, create_trip, delete_trip, remove_trip_member } from '../../trips/contract/index.ts'
import * as collab from '../contract/index.ts'
import { collabMessage } from '../contract/news.ts'
import { startOf } from './answers.ts'

afterEach(() => {
  vi.useRealTimers()
})

const at = (moment: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(moment) })

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const { run } = world
    const [ana, ben] = [await makeUser(database(), 'Ana'), await makeUser(database(), 'Ben')]
    const { trip } = await run(create_trip, { title: 'Kyoto' }, ana)
    const tripId = trip.id
    const join = async (who: Caller) => {
      const user = await database()
        .kysely.selectFrom('users')
        .select('username')
        .where('id', '=', who.userId)
        .executeTakeFirstOrThrow()
      await run(add_trip_member, { tripId, identifier: user.username }, ana)
    }
    await join(ben)
    const ref = { space: 'trip', id: tripId }
    const eyes = { ana: await world.watch(ref, ana), ben: await world.watch(ref, ben) }
    const note = async (more: object = {}, who = ana) =>
      (await run(collab.create_collab_note, { tripId, title: 'Visa', ...more }, who)).note
    const notes = async (who = ana) => (await run(collab.list_collab_notes, { tripId }, who)).notes
    const poll = async (more: object = {}, who = ana) =>
      (
        await run(
          collab.create_collab_poll,
          { tripId, question: 'Where to?', options: ['Kyoto', 'Nara', 'Uji'], ...more },
          who,
        )
      ).poll
    const vote = async (pollId: number, optionIndex: number, who = ana) =>
      (await run(collab.vote_collab_poll, { tripId, pollId, optionIndex }, who)).poll
    const polls = async () => (await run(collab.list_collab_polls, { tripId }, ana)).polls
    const send = async (text: string, who = ana, more: object = {}) =>
      (await run(collab.send_collab_message, { tripId, text, ...more }, who)).message
    const chat = (more: object = {}, who = ana) => run(collab.list_collab_messages, { tripId, ...more }, who)
    const react = async (messageId: number, emoji: string, who = ana) =>
      (await run(collab.react_collab_message, { tripId, messageId, emoji }, who)).reactions
    return { ...world, ana, ben, tripId, eyes, join, note, notes, poll, vote, polls, send, chat, react }
  }

  /** Who voted for each option, by name. */
  const voters = ({ options }: collab.PollView) => options.map((option) => option.voters.map(({ name }) => name))

  test('a note has defaults, an author and timestamps', async () => {
    const { note, tripId, ana, eyes } = await scene()
    at('2027-01-01T10:00:00.000Z')
    expect(await note({ title: ' Visa ' })).toMatchObject({
      trip_id: tripId,
      title: 'Visa',
      content: null,
      category: 'General',
      color: '#6366f1',
      pinned: false,
      website: null,
      author_id: ana.userId,
      author: { user_id: ana.userId, name: 'Ana' },
      created_at: '2027-01-01T10:00:00.000Z',
      updated_at: '2027-01-01T10:00:00.000Z',
    })
    for (const { lines } of Object.values(eyes)) expect(lines).toEqual(['insert collab_note'])
  })

  test('pinned notes come first, then the last changed; pinning does not count as a change', async () => {
    const { note, notes, run, tripId, ben } = await scene()
    const update = (noteId: number, more: object) =>
      run(collab.update_collab_note, { tripId, noteId, ...more }, ben).then((done) => done.note)
    at('2027-01-01T10:00:00.000Z')
    const first = await note({ title: 'first' })
    at('2027-01-01T11:00:00.000Z')
    await note({ title: 'second' })
    const titles = async () => (await notes()).map(({ title }) => title)
    expect(await titles()).toEqual(['second', 'first'])
    at('2027-01-01T12:00:00.000Z')
    expect(await update(first.id, { pinned: true })).toEqual({ ...first, pinned: true })
    expect(await titles()).toEqual(['first', 'second'])
    await update(first.id, { pinned: false })
    expect(await titles()).toEqual(['second', 'first'])
    const changed = await update(first.id, { content: '# Papers' })
    expect(changed).toEqual({ ...first, content: '# Papers', updated_at: '2027-01-01T12:00:00.000Z' })
    expect(await titles()).toEqual(['first', 'second'])
  })

  test('omitted fields of a note stay, null clears, and an update without a difference is not a change', async () => {
    const { note, run, tripId, ana, eyes } = await scene()
    const made = await note({ content: 'Bring two', website: 'https://example.org/visa', color: '#10b981' })
    const update = (more: object) =>
      run(collab.update_collab_note, { tripId, noteId: made.id, ...more }, ana).then((done) => done.note)
    await update({ title: made.title, content: made.content })
    expect(eyes.ben.lines).toEqual(['insert collab_note'])
    expect(await update({ content: null, website: null })).toMatchObject({
      content: null,
      website: null,
      color: '#10b981',
    })
    await expect(update({ website: 'javascript:alert(1)' })).rejects.toMatchObject({ code: 'invalid' })
    // A title cannot be cleared: programs send null for omitted arguments, so null changes nothing.
    expect(await update({ title: null })).toMatchObject({ title: made.title })
    await run(collab.delete_collab_note, { tripId, noteId: made.id }, ana)
    await expect(update({ title: 'x' })).rejects.toMatchObject({ code: 'not_found' })
    expect(eyes.ben.lines).toEqual(['insert collab_note', 'patch collab_note', 'remove collab_note'])
  })

  test('a vote can be withdrawn, replaces an earlier one, and names the voter', async () => {
    const { poll, vote, polls, ana, ben, eyes } = await scene()
    const { id, closed, options } = await poll()
    expect(closed).toBe(false)
    expect(options[1]).toEqual({ index: 1, text: 'Nara', votes: 0, voters: [] })
    expect(voters(await vote(id, 0))).toEqual([['Ana'], [], []])
    expect(voters(await vote(id, 1, ben))).toEqual([['Ana'], ['Ben'], []])
    expect(voters(await vote(id, 1))).toEqual([[], ['Ben', 'Ana'], []])
    const after = await vote(id, 1)
    expect(voters(after)).toEqual([[], ['Ben'], []])
    expect(await polls()).toEqual([after])
    expect(after.options[1]?.voters[0]).toMatchObject({ user_id: ben.userId })
    expect(after.author).toMatchObject({ user_id: ana.userId })
    expect(eyes.ben.lines).toEqual(['insert collab_poll', ...Array(4).fill('patch collab_poll')])
  })

  test('in a multiple-choice poll, votes add up', async () => {
    const { poll, vote } = await scene()
    const { id } = await poll({ multiple: true })
    await vote(id, 0)
    expect(voters(await vote(id, 2))).toEqual([['Ana'], [], ['Ana']])
    expect(voters(await vote(id, 0))).toEqual([[], [], ['Ana']])
  })

  test('a vote must name an option of the poll', async () => {
    const { poll, vote } = await scene()
    const { id } = await poll()
    await expect(vote(id, 3)).rejects.toMatchObject({
      code: 'invalid',
      message: 'optionIndex: must be one of 0 (Kyoto), 1 (Nara), 2 (Uji)',
    })
    await expect(poll({ options: ['Kyoto'] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(poll({ options: ['Kyoto', ' kyoto '] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(poll({ options: Array.from({ length: 21 }, (_, n) => `${n}`) })).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  test('after its deadline or once closed a poll takes no votes and keeps its result', async () => {
    const { poll, vote, polls, run, tripId, ben, eyes } = await scene()
    at('2027-01-01T10:00:00.000Z')
    const { id, deadline } = await poll({ deadline: '2027-01-02T00:00:00+09:00' })
    expect(deadline).toBe('2027-01-01T15:00:00.000Z')
    await vote(id, 0)
    at('2027-01-01T14:59:59.000Z')
    expect((await polls())[0]?.closed).toBe(false)
    at('2027-01-01T15:00:00.000Z')
    expect((await polls())[0]).toMatchObject({ closed: true, closed_at: null })
    await expect(vote(id, 1, ben)).rejects.toMatchObject({ code: 'conflict', message: 'This poll is closed' })

    const open = await poll()
    await vote(open.id, 2)
    const close = () => run(collab.close_collab_poll, { tripId, pollId: open.id }, ben).then((done) => done.poll)
    const closed = await close()
    expect(closed).toMatchObject({ closed: true, closed_at: '2027-01-01T15:00:00.000Z' })
    expect(voters(closed)).toEqual([[], [], ['Ana']])
    at('2027-01-01T16:00:00.000Z')
    expect(await close()).toEqual(closed)
    await expect(vote(open.id, 2)).rejects.toMatchObject({ code: 'conflict' })
    await run(collab.delete_collab_poll, { tripId, pollId: open.id }, ben)
    expect((await polls()).map((one) => one.id)).toEqual([id])
    expect(eyes.ana.lines).toEqual([
      'insert collab_poll',
      'patch collab_poll',
      'insert collab_poll',
      'patch collab_poll',
      'patch collab_poll',
      'remove collab_poll',
    ])
  })

  test('a deadline is in the future and has a time zone', async () => {
    const { poll } = await scene()
    at('2027-01-01T10:00:00.000Z')
    for (const deadline of [
      '2027-01-01T10:00:00Z',
      '2027-02-01T10:00:00',
      '2027-02-01',
      'soon',
      '9999-12-31T23:00:00Z',
    ])
      await expect(poll({ deadline }), deadline).rejects.toMatchObject({ code: 'invalid' })
    expect(await poll({ deadline: null })).toMatchObject({ deadline: null, closed: false })
  })

  test('the chat returns its newest messages in chronological order, and older ones before an id', async () => {
    const { send, chat } = await scene()
    const sent: number[] = []
    for (let n = 0; n < 103; n++) sent.push((await send(`message ${n}`)).id)
    const ids = ({ messages }: Awaited<ReturnType<typeof chat>>) => messages.map(({ id }) => id)
    const newest = await chat()
    expect(ids(newest)).toEqual(sent.slice(3))
    expect(newest.remaining).toBe(3)
    const older = await chat({ before: sent[3] })
    expect(ids(older)).toEqual(sent.slice(0, 3))
    expect(older.remaining).toBe(0)
    expect(await chat({ before: sent[0] })).toEqual({ messages: [], remaining: 0 })
  })

  test('long messages make shorter pages, and none is lost between pages', async () => {
    const { send, chat } = await scene()
    const sent: number[] = []
    for (let n = 0; n < 40; n++) sent.push((await send('x'.repeat(5000))).id)
    const newest = await chat()
    expect(newest.messages.length).toBeLessThan(40)
    const older = await chat({ before: newest.messages[0]?.id })
    expect(older.remaining + older.messages.length).toBe(newest.remaining)
    expect([...older.messages, ...newest.messages].map(({ id }) => id)).toEqual(sent.slice(older.remaining))
  })

  test('a message may reply to another one of its trip, and shows the beginning of that one', async () => {
    const { send, ben } = await scene()
    const original = await send(`Shall we take the night train?\n${'Really. '.repeat(50)}`)
    const reply = await send('Yes', ben, { replyTo: original.id })
    expect(reply).toMatchObject({ reply_to: original.id, author: { name: 'Ben' } })
    expect(reply.reply).toMatchObject({ author: { name: 'Ana' }, deleted: false })
    expect(reply.reply?.text).toMatch(/^Shall we take the night train\? Really\. .*…$/)
    const other = await scene()
    for (const replyTo of [999_999, (await other.send('elsewhere')).id]) {
      await expect(send('Yes', ben, { replyTo })).rejects.toMatchObject({
        code: 'invalid',
        issues: [{ path: 'replyTo' }],
      })
    }
    await expect(send('   ')).rejects.toMatchObject({ code: 'invalid' })
  })

  test('a deleted message keeps its place without its text, and only its author can delete it', async () => {
    const { send, chat, react, run, tripId, ana, ben, eyes } = await scene()
    const message = await send('The door code is 4711')
    const reply = await send('Thanks', ben, { replyTo: message.id })
    await react(message.id, '👍', ben)
    const remove = (who: Caller) => run(collab.delete_collab_message, { tripId, messageId: message.id }, who)
    await expect(remove(ben)).rejects.toMatchObject({ code: 'forbidden' })
    eyes.ben.rows.length = 0
    await remove(ana)
    await remove(ana)
    expect(eyes.ben.rows).toEqual([
      expect.objectContaining({
        row: expect.objectContaining({ id: message.id, text: '', deleted: true, reactions: [] }),
      }),
    ])
    expect(eyes.ben.lines).toEqual([
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
    const { send, react, ben, ana, eyes } = await scene()
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
    expect(eyes.ben.lines).toEqual(['insert collab_message', ...Array(9).fill('patch collab_message')])
  })

  test('a message has a maximum number of different emoji', async () => {
    const { send, react, ben } = await scene()
    const { id } = await send('Booked!')
    const emoji = [...'😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😗😚😙😋']
    for (const one of emoji.slice(0, 20)) await react(id, one)
    await expect(react(id, emoji[20] as string)).rejects.toMatchObject({ code: 'conflict' })
    expect(await react(id, emoji[0] as string, ben)).toHaveLength(21)
  })

  test('all other members are notified of a message, and of nothing else', async () => {
    const { catalogue, send, note, poll, tripId } = await scene()
    const told: News[] = []
    const answers = catalogue.listenersOf.bind(catalogue)
    vi.spyOn(catalogue, 'listenersOf').mockImplementation((hook) =>
      hook.name === tripNews.name ? [onHook(tripNews, async (_, news) => void told.push(news))] : answers(hook),
    )
    await note()
    await poll()
    await send('See you\nat nine')
    expect(told).toEqual([{ tripId, event: collabMessage, to: 'everybody', about: 'See you at nine' }])
  })

  test('a restricted permission stops members from writing and voting, not from reading', async () => {
    const { send, vote, poll, note, chat, ben, react } = await scene()
    const { id } = await poll()
    const message = await send('Hello')
    const level = async (to: 'owner' | 'member') => {
      await database().write(INSTANCE, (tx) => setLevel(tx, collab.collab_edit, to))
      await database().notifier.publish('instance:0')
    }
    await level('owner')
    const attempts = [
      () => note({}, ben),
      () => send('Hi', ben),
      () => vote(id, 0, ben),
      () => react(message.id, '👍', ben),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' })
    expect((await chat({}, ben)).messages).toHaveLength(1)
    await level('member')
    await vote(id, 0, ben)
  })

  test('with the add-on off only notes are available', async () => {
    const { send, poll, note, notes, pipeline, run, tripId, ana } = await scene()
    await note()
    await poll()
    await send('Hello')
    const shown = async () => {
      const { rows } = await pipeline.snapshot({ space: 'trip', id: tripId }, ana)
      return Object.keys(rows).filter((name) => name.startsWith('collab'))
    }
    const summary = async () => {
      const { collab_notes, pollCount, messageCount, omitted } = await run(get_trip_summary, { tripId }, ana)
      return {
        counts: [collab_notes?.length, pollCount, messageCount],
        omitted: omitted.map(({ section }) => section).filter((section) => /Count|collab/.test(section)),
      }
    }
    expect(await shown()).toEqual(['collab_note', 'collab_poll', 'collab_message'])
    expect(await summary()).toEqual({ counts: [1, 1, 1], omitted: [] })
    const turn = async (on: boolean) => {
      await database().write(INSTANCE, (tx) => setAddon(tx, collab.collab, on))
      await database().notifier.publish('instance:0')
    }
    await turn(false)
    await expect(send('Hello')).rejects.toMatchObject({ code: 'addon_off' })
    expect(await notes()).toHaveLength(1)
    expect(await shown()).toEqual(['collab_note'])
    expect(await summary()).toEqual({ counts: [1, undefined, undefined], omitted: ['pollCount', 'messageCount'] })
    await turn(true)
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
    const sent: number[] = []
    for (let n = 0; n <= collab.LATEST_MESSAGES; n++) sent.push((await send('x')).id)
    const { rows } = await pipeline.snapshot({ space: 'trip', id: tripId }, ana)
    expect((rows.collab_message as collab.MessageRow[]).map(({ id }) => id)).toEqual(sent.slice(1))
  })

  test('leaving the trip removes votes from open polls; closed polls and messages stay', async () => {
    const { send, poll, vote, polls, react, chat, run, tripId, ana, ben } = await scene()
    const [open, decided] = [await poll(), await poll()]
    for (const { id } of [open, decided]) {
      await vote(id, 0)
      await vote(id, 1, ben)
    }
    await run(collab.close_collab_poll, { tripId, pollId: decided.id }, ana)
    const message = await send('Hello', ben)
    await react(message.id, '👋', ben)
    await run(remove_trip_member, { tripId, memberId: ben.userId }, ana)
    expect((await polls()).map(voters)).toEqual([
      [['Ana'], ['Ben'], []],
      [['Ana'], [], []],
    ])
    expect((await chat()).messages).toMatchObject([{ author: { name: 'Ben' }, reactions: [{ name: 'Ben' }] }])
    const { people } = await run(collab.list_collab_people, { tripId }, ana)
    expect(people.map(({ name }) => name)).toEqual(['Ana', 'Ben'])
  })

  test('after deleting an account nothing names the person, also in trips they had left', async () => {
    const { send, note, poll, vote, polls, react, chat, notes, run, join, tripId, ana, ben } = await scene()
    const cleo = await makeUser(database(), 'Cleo')
    await join(cleo)
    await note({}, cleo)
    const [open, decided] = [await poll({}, cleo), await poll()]
    for (const { id } of [open, decided]) {
      await vote(id, 0, cleo)
      await vote(id, 0, ben)
    }
    await run(collab.close_collab_poll, { tripId, pollId: decided.id }, ana)
    const message = await send('Bye', cleo)
    await react(message.id, '👋', cleo)
    await react(message.id, '👋', ben)
    await run(remove_trip_member, { tripId, memberId: cleo.userId }, cleo)
    const admin = await makeUser(database(), 'Admin', { admin: true, way: 'web' })
    await run(delete_user, { userId: cleo.userId }, admin)
    expect(await notes()).toMatchObject([{ author_id: null, author: null, title: 'Visa' }])
    const [closed, stillOpen] = await polls()
    expect(closed?.options[0]).toMatchObject({ votes: 2, voters: [{ name: 'Ben' }] })
    expect(stillOpen).toMatchObject({ author: null, options: [{ votes: 1, voters: [{ name: 'Ben' }] }, {}, {}] })
    expect((await chat()).messages).toMatchObject([{ text: 'Bye', author: null, reactions: [{ name: 'Ben' }] }])
    const left = await database().read(async (tx) => [
      await tx.list(collab.CollabNote, { trip_id: tripId }),
      await tx.list(collab.CollabPoll, { trip_id: tripId }),
      await tx.list(collab.CollabMessage, { trip_id: tripId }),
    ])
    expect(JSON.stringify(left)).not.toMatch(new RegExp(`_id":${cleo.userId}\\b`))
  })

  test('deleting a trip deletes everything, replies before the messages they reply to', async () => {
    const { send, note, poll, run, tripId, ana, eyes } = await scene()
    await note()
    await poll()
    const { id } = await send('Hello')
    await send('Hi', ana, { replyTo: id })
    eyes.ana.lines.length = 0
    await run(delete_trip, { tripId }, ana)
    expect(eyes.ana.lines.filter((line) => line.includes('collab'))).toEqual([
      'remove collab_note',
      'remove collab_poll',
      'remove collab_message',
      'remove collab_message',
    ])
  })

  test('a copy of a trip has its notes in the same order, and no messages or votes', async () => {
    const { send, note, poll, vote, run, tripId, ana, ben } = await scene()
    at('2027-01-01T10:00:00.000Z')
    await note({ title: 'old', color: '#10b981', pinned: true, content: '**Bold**' }, ben)
    at('2027-01-01T11:00:00.000Z')
    await note({ title: 'new' })
    await vote((await poll()).id, 0)
    await send('Hello')
    const { trip } = await run(copy_trip, { tripId }, ana)
    const { notes } = await run(collab.list_collab_notes, { tripId: trip.id }, ana)
    expect(notes).toMatchObject([
      { title: 'old', color: '#10b981', pinned: true, content: '**Bold**', author: { name: 'Ana' } },
      { title: 'new', pinned: false },
    ])
    expect(await run(collab.list_collab_polls, { tripId: trip.id }, ana)).toMatchObject({ polls: [] })
    expect(await run(collab.list_collab_messages, { tripId: trip.id }, ana)).toEqual({ messages: [], remaining: 0 })
  })
})

test('the beginning of a message is one line that never splits a character', () => {
  expect(startOf(' a\n\n b ')).toBe('a b')
  const family = '👩‍👩‍👧‍👦'
  expect(startOf(family.repeat(200))).toBe(`${family.repeat(14)}…`)
  expect(startOf('x'.repeat(160))).toBe('x'.repeat(160))
})
