import { afterEach, expect, test, vi } from 'vitest'
import { tripWithCollab } from '../../../../test/fixtures/trip-with-collab.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import * as collab from '../contract/index.ts'

/** Polls: how votes count, and when a poll takes none. */

afterEach(() => {
  vi.useRealTimers()
})

const setTime = (moment: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(moment) })

eachDatabase((database) => {
  const scene = () => tripWithCollab(database())

  /** Who voted for each option, by name. */
  const voters = ({ options }: collab.PollView) => options.map((option) => option.voters.map(({ name }) => name))

  test('a vote can be withdrawn, replaces an earlier one, and names the voter', async () => {
    const { poll, vote, polls, ana, ben, watchers } = await scene()
    const { id, closed, options } = await poll()
    expect(closed).toBe(false)
    expect(options[1]).toEqual({ index: 1, text: 'Nara', votes: 0, voters: [] })
    expect(voters(await vote(id, 0))).toEqual([['Ana'], [], []])
    expect(voters(await vote(id, 1, ben))).toEqual([['Ana'], ['Ben'], []])
    expect(voters(await vote(id, 1))).toEqual([[], ['Ben', 'Ana'], []])
    const withdrawn = await vote(id, 1)
    expect(voters(withdrawn)).toEqual([[], ['Ben'], []])
    expect(await polls()).toEqual([withdrawn])
    expect(withdrawn.options[1]?.voters[0]).toMatchObject({ user_id: ben.userId })
    expect(withdrawn.author).toMatchObject({ user_id: ana.userId })
    expect(watchers.ben.lines).toEqual(['insert collab_poll', ...Array(4).fill('patch collab_poll')])
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
    await expect(poll({ options: Array.from({ length: 21 }, (_, index) => `${index}`) })).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  test('after its deadline or once closed a poll takes no votes and keeps its result', async () => {
    const { poll, vote, polls, run, tripId, ben, watchers } = await scene()
    setTime('2027-01-01T10:00:00.000Z')
    const { id, deadline } = await poll({ deadline: '2027-01-02T00:00:00+09:00' })
    expect(deadline).toBe('2027-01-01T15:00:00.000Z')
    await vote(id, 0)
    setTime('2027-01-01T14:59:59.000Z')
    expect((await polls())[0]?.closed).toBe(false)
    setTime('2027-01-01T15:00:00.000Z')
    expect((await polls())[0]).toMatchObject({ closed: true, closed_at: null })
    await expect(vote(id, 1, ben)).rejects.toMatchObject({ code: 'conflict', message: 'This poll is closed' })

    const open = await poll()
    await vote(open.id, 2)
    const close = () => run(collab.close_collab_poll, { tripId, pollId: open.id }, ben).then((answer) => answer.poll)
    const closed = await close()
    expect(closed).toMatchObject({ closed: true, closed_at: '2027-01-01T15:00:00.000Z' })
    expect(voters(closed)).toEqual([[], [], ['Ana']])
    setTime('2027-01-01T16:00:00.000Z')
    expect(await close()).toEqual(closed)
    await expect(vote(open.id, 2)).rejects.toMatchObject({ code: 'conflict' })
    await run(collab.delete_collab_poll, { tripId, pollId: open.id }, ben)
    expect((await polls()).map((remaining) => remaining.id)).toEqual([id])
    expect(watchers.ana.lines).toEqual([
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
    setTime('2027-01-01T10:00:00.000Z')
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
})
