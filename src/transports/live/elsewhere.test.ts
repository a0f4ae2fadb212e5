import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import type { openToy } from '../../../test/harness/rigs/toy-rig.ts'
import { until } from '../../../test/harness/until.ts'
import type { SpaceRef } from '../../core/data/space.ts'
import type { Present } from './contract.ts'

const PACE = { beat: 100, gone: 2000 }
const caller = (userId: number) => ({ userId, name: `user ${userId}`, way: 'web', client: null }) as const
const assistant = (userId: number) =>
  ({ caller: { ...caller(userId), way: 'mcp', client: 'Claude' }, error: null }) as const

/** A module loaded again acts as another process on the database: it hears the notifications of the others. */
const loaded: (typeof openToy)[] = []
for (let at = 0; at < 3; at++) {
  vi.resetModules()
  loaded.push((await import('../../../test/harness/rigs/toy-rig.ts')).openToy)
}

let spaces = 0
let started = 0

eachDatabase((_database, place) => {
  type Toy = Awaited<ReturnType<typeof openToy>>

  /** Another process, which is closed at the end of the test. */
  async function startProcess(pace: object = {}): Promise<Toy> {
    const open = loaded[started++ % loaded.length] as typeof openToy
    const toy = await open(place().target, { pace: { ...PACE, ...pace } })
    onTestFinished(async () => {
      await toy.close()
      expect(toy.failures).toEqual([])
    })
    return toy
  }
  const newSpace = (): SpaceRef => ({ space: 'crate', id: ++spaces })

  /** What a listener of a process is told. */
  function listen({ presence }: Toy, ref: SpaceRef) {
    const state = { people: presence.people(ref) }
    const stop = presence.listen(ref, (people) => {
      state.people = people
    })
    const peopleSeen = () =>
      state.people.map(({ user_id, way, at }) => [user_id, way, at]).toSorted(([a], [b]) => Number(a) - Number(b))
    return { peopleSeen, stop }
  }
  const rows = ({ database }: Toy) => database.kysely.selectFrom('presence').selectAll().execute()
  const expectPeople = (who: () => unknown[][], expected: unknown[][]) =>
    until(() => JSON.stringify(who()) === JSON.stringify(expected), 10_000, `there is ${JSON.stringify(expected)}`)

  describe('presence', () => {
    test('is one list for all processes, with each person once and at their last place', async () => {
      const [one, other] = [await startProcess(), await startProcess()]
      const ref = newSpace()
      const [atOne, atOther] = [listen(one, ref), listen(other, ref)]
      const [window, otherWindow] = [{}, {}]
      one.presence.enter(ref, window, caller(2), 'day 1')
      other.presence.enter(ref, {}, caller(3), null)
      for (const { peopleSeen } of [atOne, atOther])
        await until(() => peopleSeen().length === 2, 5000, 'both are there')
      other.presence.enter(ref, otherWindow, caller(2), 'day 2')
      for (const { peopleSeen } of [atOne, atOther])
        await expectPeople(peopleSeen, [
          [2, 'web', 'day 2'],
          [3, 'web', null],
        ])
      other.presence.leave(ref, otherWindow)
      for (const { peopleSeen } of [atOne, atOther])
        await expectPeople(peopleSeen, [
          [2, 'web', 'day 1'],
          [3, 'web', null],
        ])
      one.presence.leave(ref, window)
      for (const { peopleSeen } of [atOne, atOther]) await expectPeople(peopleSeen, [[3, 'web', null]])
    })

    test('is known to a later process and to a later listener, and holds nothing else', async () => {
      const one = await startProcess()
      const ref = newSpace()
      one.presence.enter(ref, {}, caller(2), 'day 1')
      const other = await startProcess()
      const lateListener = listen(other, ref)
      await expectPeople(lateListener.peopleSeen, [[2, 'web', 'day 1']])
      const [row] = await rows(other)
      const present: Present = { user_id: 2, name: 'user 2', way: 'web', client: null, at: 'day 1' }
      expect({ ...row, person: JSON.parse(row?.person ?? '') }).toEqual({
        process: one.database.processes.id,
        topic: `crate:${ref.id}`,
        who: '[2,"web",null]',
        way: 'web',
        person: present,
        since: expect.any(Number),
      })
    })

    test('ends with a process that stops, and with one that is killed', async () => {
      const one = await startProcess()
      const stopped = await startProcess()
      const ref = newSpace()
      const { peopleSeen } = listen(one, ref)
      stopped.presence.enter(ref, {}, caller(2), null)
      await expectPeople(peopleSeen, [[2, 'web', null]])
      await stopped.close()
      await expectPeople(peopleSeen, [])
      // It shows itself only once.
      const killed = await startProcess({ beat: 1e6 })
      killed.presence.enter(ref, {}, caller(3), null)
      await expectPeople(peopleSeen, [[3, 'web', null]])
      await expectPeople(peopleSeen, [])
      await until(async () => !(await rows(one)).length, 5000, 'its rows are swept')
      expect(one.database.processes.accompanied).toBe(false)
    })

    test('is complete again when a process that was taken for dead resumes', async () => {
      const [one, other] = [await startProcess(), await startProcess()]
      const ref = newSpace()
      const { peopleSeen } = listen(one, ref)
      other.presence.enter(ref, {}, caller(2), null)
      await expectPeople(peopleSeen, [[2, 'web', null]])
      const { kysely } = one.database
      await kysely.deleteFrom('processes').where('id', '=', other.database.processes.id).execute()
      await kysely.deleteFrom('presence').execute()
      await until(async () => (await rows(one)).length === 1, 5000, 'it has written its people anew')
      await expectPeople(peopleSeen, [[2, 'web', null]])
    })

    test('is complete again after all its rows were lost, as they are when PostgreSQL crashes', async () => {
      const toys = [await startProcess(), await startProcess()] as const
      const [one, other] = toys
      const ref = newSpace()
      const { peopleSeen } = listen(one, ref)
      other.presence.enter(ref, {}, caller(2), null)
      await expectPeople(peopleSeen, [[2, 'web', null]])
      const { kysely } = one.database
      for (const table of ['processes', 'presence'] as const) await kysely.deleteFrom(table).execute()
      // The listening connection announces this when it is back.
      for (const { database } of toys) database.notifier.publishLocally('*')
      const processRows = () => kysely.selectFrom('processes').select('id').execute()
      await until(async () => (await processRows()).length === 2, 10_000, 'both have shown themselves')
      await until(async () => (await rows(one)).length === 1, 10_000, 'it has written its people anew')
      await until(() => toys.every(({ database }) => database.processes.living().length === 1), 10_000, 'both know')
      await expectPeople(peopleSeen, [[2, 'web', null]])
    })

    test('includes assistants, until a process that learns of a removal dismisses them', async () => {
      const [one, other] = [await startProcess(), await startProcess()]
      const ref = newSpace()
      const { peopleSeen } = listen(one, ref)
      other.presence.observe({ ...assistant(2), space: ref } as never)
      await expectPeople(peopleSeen, [[2, 'mcp', null]])
      one.presence.dismissAssistants(ref)
      await expectPeople(peopleSeen, [])
      await until(() => other.presence.people(ref).length === 0, 350, 'it is dismissed where it came in')
    })

    test('is not written by a process that runs alone', async () => {
      const singleProcess = await startProcess()
      await until(() => !singleProcess.database.processes.accompanied, 5000, 'it is alone')
      const processRows = () => singleProcess.database.kysely.selectFrom('processes').selectAll().execute()
      const before = await processRows()
      const ref = newSpace()
      const { peopleSeen } = listen(singleProcess, ref)
      const token = {}
      singleProcess.presence.enter(ref, token, caller(2), null)
      await expectPeople(peopleSeen, [[2, 'web', null]])
      await new Promise((resolve) => setTimeout(resolve, 4 * PACE.beat))
      expect([await rows(singleProcess), await processRows()]).toEqual([[], before])
    })
  })
})
