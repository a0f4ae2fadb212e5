import { afterEach, expect, test, vi } from 'vitest'
import { tripWithCollab } from '../../../../test/fixtures/trip-with-collab.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser } from '../../../../test/harness/rigs/world.ts'
import { INSTANCE } from '../../../core/data/space.ts'
import { setAddon, setLevel } from '../../../core/run/settings.ts'
import { delete_user } from '../../admin/contract/index.ts'
import { get_trip_summary } from '../../summary/contract/index.ts'
import { copy_trip, delete_trip, remove_trip_member } from '../../trips/contract/index.ts'
import * as collab from '../contract/index.ts'

/** Notes, and what notes, polls and messages have in common: rights, people who leave, copies. */

afterEach(() => {
  vi.useRealTimers()
})

const setTime = (moment: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(moment) })

eachDatabase((database) => {
  const scene = () => tripWithCollab(database())

  /** Who voted for each option, by name. */
  const voters = ({ options }: collab.PollView) => options.map((option) => option.voters.map(({ name }) => name))

  test('a note has defaults, an author and timestamps', async () => {
    const { note, tripId, ana, watchers } = await scene()
    setTime('2027-01-01T10:00:00.000Z')
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
    for (const { lines } of Object.values(watchers)) expect(lines).toEqual(['insert collab_note'])
  })

  test('pinned notes come first, then the last changed; pinning does not count as a change', async () => {
    const { note, notes, run, tripId, ben } = await scene()
    const update = (noteId: number, changes: object) =>
      run(collab.update_collab_note, { tripId, noteId, ...changes }, ben).then((answer) => answer.note)
    setTime('2027-01-01T10:00:00.000Z')
    const first = await note({ title: 'first' })
    setTime('2027-01-01T11:00:00.000Z')
    await note({ title: 'second' })
    const titles = async () => (await notes()).map(({ title }) => title)
    expect(await titles()).toEqual(['second', 'first'])
    setTime('2027-01-01T12:00:00.000Z')
    expect(await update(first.id, { pinned: true })).toEqual({ ...first, pinned: true })
    expect(await titles()).toEqual(['first', 'second'])
    await update(first.id, { pinned: false })
    expect(await titles()).toEqual(['second', 'first'])
    const changed = await update(first.id, { content: '# Papers' })
    expect(changed).toEqual({ ...first, content: '# Papers', updated_at: '2027-01-01T12:00:00.000Z' })
    expect(await titles()).toEqual(['first', 'second'])
  })

  test('omitted fields of a note stay, null clears, and an update without a difference is not a change', async () => {
    const { note, run, tripId, ana, watchers } = await scene()
    const created = await note({ content: 'Bring two', website: 'https://example.org/visa', color: '#10b981' })
    const update = (changes: object) =>
      run(collab.update_collab_note, { tripId, noteId: created.id, ...changes }, ana).then((answer) => answer.note)
    await update({ title: created.title, content: created.content })
    expect(watchers.ben.lines).toEqual(['insert collab_note'])
    expect(await update({ content: null, website: null })).toMatchObject({
      content: null,
      website: null,
      color: '#10b981',
    })
    await expect(update({ website: 'javascript:alert(1)' })).rejects.toMatchObject({ code: 'invalid' })
    // A title cannot be cleared: programs send null for omitted arguments, so null changes nothing.
    expect(await update({ title: null })).toMatchObject({ title: created.title })
    await run(collab.delete_collab_note, { tripId, noteId: created.id }, ana)
    await expect(update({ title: 'x' })).rejects.toMatchObject({ code: 'not_found' })
    expect(watchers.ben.lines).toEqual(['insert collab_note', 'patch collab_note', 'remove collab_note'])
  })

  test('a restricted permission stops members from writing and voting, not from reading', async () => {
    const { send, vote, poll, note, chat, ben, react } = await scene()
    const { id } = await poll()
    const message = await send('Hello')
    const setEditLevel = async (level: 'owner' | 'member') => {
      await database().write(INSTANCE, (tx) => setLevel(tx, collab.collab_edit, level))
      await database().notifier.publish('instance:0')
    }
    await setEditLevel('owner')
    const attempts = [
      () => note({}, ben),
      () => send('Hi', ben),
      () => vote(id, 0, ben),
      () => react(message.id, '👍', ben),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' })
    expect((await chat({}, ben)).messages).toHaveLength(1)
    await setEditLevel('member')
    await vote(id, 0, ben)
  })

  test('with the add-on off only notes are available', async () => {
    const { send, poll, note, notes, pipeline, run, tripId, ana } = await scene()
    await note()
    await poll()
    await send('Hello')
    const shownSections = async () => {
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
    expect(await shownSections()).toEqual(['collab_note', 'collab_poll', 'collab_message'])
    expect(await summary()).toEqual({ counts: [1, 1, 1], omitted: [] })
    const switchAddon = async (on: boolean) => {
      await database().write(INSTANCE, (tx) => setAddon(tx, collab.collab, on))
      await database().notifier.publish('instance:0')
    }
    await switchAddon(false)
    await expect(send('Hello')).rejects.toMatchObject({ code: 'addon_off' })
    expect(await notes()).toHaveLength(1)
    expect(await shownSections()).toEqual(['collab_note'])
    expect(await summary()).toEqual({ counts: [1, undefined, undefined], omitted: ['pollCount', 'messageCount'] })
    await switchAddon(true)
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
    const rows = await database().read(async (tx) => [
      await tx.list(collab.CollabNote, { trip_id: tripId }),
      await tx.list(collab.CollabPoll, { trip_id: tripId }),
      await tx.list(collab.CollabMessage, { trip_id: tripId }),
    ])
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`_id":${cleo.userId}\\b`))
  })

  test('deleting a trip deletes everything, replies before the messages they reply to', async () => {
    const { send, note, poll, run, tripId, ana, watchers } = await scene()
    await note()
    await poll()
    const { id } = await send('Hello')
    await send('Hi', ana, { replyTo: id })
    watchers.ana.lines.length = 0
    await run(delete_trip, { tripId }, ana)
    expect(watchers.ana.lines.filter((line) => line.includes('collab'))).toEqual([
      'remove collab_note',
      'remove collab_poll',
      'remove collab_message',
      'remove collab_message',
    ])
  })

  test('a copy of a trip has its notes in the same order, and no messages or votes', async () => {
    const { send, note, poll, vote, run, tripId, ana, ben } = await scene()
    setTime('2027-01-01T10:00:00.000Z')
    await note({ title: 'old', color: '#10b981', pinned: true, content: '**Bold**' }, ben)
    setTime('2027-01-01T11:00:00.000Z')
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
