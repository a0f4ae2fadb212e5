import { expect, test } from 'vitest'
import { Backups, type Tools } from './backups.ts'

const DAY = 86_400_000
const START = Date.parse('2027-04-05T03:00:00.000Z')

/** A folder of backups and a clock, without any process. */
function scene() {
  let now = START
  const told: string[] = []
  const failures: unknown[] = []
  const kept: Awaited<ReturnType<Tools['list']>> = []
  let notes: Awaited<ReturnType<Tools['readNotes']>> = { started_at: null, failure: null }
  const of = {
    made: 0,
    working: false,
    problem: null as string | null,
    make: async () => {},
    add: (made_at: string) => kept.unshift({ name: `trek-${made_at}`, size: 1, made_at, encrypted: false }),
  }
  const tools: Tools = {
    folder: '/backups',
    problem: async () => of.problem,
    list: async () => kept,
    open: async () => null,
    async make() {
      of.made++
      await of.make()
      of.add(new Date(now).toISOString())
    },
    rehearse: async () => Promise.reject(new Error('The backup is damaged')),
    commandFor: (name) => name,
    isWorking: async () => of.working,
    readNotes: async () => notes,
    writeNotes: async (given) => {
      notes = given
    },
    holdings: async () => ({ users: 1, trips: 0, changed_at: null }),
    close: async () => {},
  }
  const server = (with_: Partial<Tools> = {}) =>
    new Backups({
      tools: { ...tools, ...with_ },
      everySeconds: DAY / 1000,
      keep: 7,
      encrypted: false,
      clock: () => new Date(now),
      told: (what) => told.push(what),
      failed: (error) => failures.push(error),
    })
  return { of, server, told, failures, pass: (ms: number) => (now += ms) }
}

const MINUTE = 60_000

test('a backup is made when the newest is older than it should be, whichever server has made it', async () => {
  const { of, server, told, pass } = scene()
  await server().makeWhenDue()
  expect(of.made).toBe(1)
  pass(DAY - MINUTE)
  await server().makeWhenDue()
  expect(of.made).toBe(1)
  pass(MINUTE)
  await server().makeWhenDue()
  await server().makeWhenDue()
  expect(of.made).toBe(2)
  expect(told).toEqual([])
})

test('one that was made while the clock was wrong keeps none from being made', async () => {
  const { of, server } = scene()
  of.add(new Date(START + 400 * DAY).toISOString())
  await server().makeWhenDue()
  expect(of.made).toBe(1)
})

test('what goes wrong is told each time, shown until one is made, and tried again after ten minutes', async () => {
  const { of, server, told, pass } = scene()
  of.make = () => Promise.reject(new Error('The disk is full.'))
  const backups = server()
  await backups.makeWhenDue()
  await backups.makeWhenDue()
  // A server that was started anew knows of it.
  await server().makeWhenDue()
  expect(told).toEqual(['No backup could be made: The disk is full.'])
  const failure = { at: new Date(START).toISOString(), reason: 'The disk is full.' }
  expect(await server().state()).toMatchObject({ running: false, last_failure: failure, backups: [] })
  pass(10 * MINUTE)
  await backups.makeWhenDue()
  expect([of.made, told.length]).toEqual([2, 2])
  of.make = async () => {}
  pass(10 * MINUTE)
  await backups.makeWhenDue()
  expect(await server().state()).toMatchObject({ last_failure: null, backups: [{ encrypted: false }] })
})

test('one is made at a time, by whichever server, and whoever asks for a second one is told', async () => {
  const { of, server, pass } = scene()
  let done = () => {}
  of.make = () =>
    new Promise((resolve) => {
      done = resolve
    })
  const [backups, other] = [server(), server()]
  const asked = await Promise.allSettled([backups.start(), backups.start()])
  expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  await expect(other.start()).rejects.toMatchObject({ code: 'conflict', message: 'A backup is being made already' })
  of.working = true
  pass(DAY)
  expect(await other.state()).toMatchObject({ running: true })
  await other.makeWhenDue()
  expect(of.made).toBe(1)
  // A server that was killed leaves word of a backup that nobody makes.
  of.working = false
  expect(await other.state()).toMatchObject({ running: false })
  done()
  await backups.close()
  expect(await backups.state()).toMatchObject({ running: false })
})

test('what was ended with the server is no failure', async () => {
  const { of, server, told } = scene()
  let end = (_: Error) => {}
  of.make = () =>
    new Promise((_, reject) => {
      end = reject
    })
  const backups = server({ close: async () => end(new Error('It was ended')) })
  const making = backups.makeWhenDue()
  await expect.poll(() => of.made).toBe(1)
  await backups.close()
  await making
  expect(told).toEqual([])
  expect(await server().state()).toMatchObject({ running: false, last_failure: null })
})

test('where its notes cannot be written, the server still knows how it went', async () => {
  const { of, server, failures } = scene()
  of.make = () => Promise.reject(new Error('The disk is full.'))
  const backups = server({ writeNotes: () => Promise.reject(new Error('The disk is full.')) })
  await backups.makeWhenDue()
  await backups.makeWhenDue()
  expect(of.made).toBe(1)
  expect(await backups.state()).toMatchObject({ running: false, last_failure: { reason: 'The disk is full.' } })
  expect(failures).toHaveLength(2)
})

test('a backup that cannot be read, or is not there, is told in words', async () => {
  const { of, server } = scene()
  of.add('2027-04-04T03:00:00.000Z')
  const backups = server()
  await expect(backups.preview('trek-2027-04-04T03:00:00.000Z')).rejects.toMatchObject({
    code: 'conflict',
    message: 'The backup is damaged',
  })
  await expect(backups.preview('../trek.db')).rejects.toMatchObject({ code: 'not_found' })
})

test('while somebody reads a backup or puts one back, none is begun', async () => {
  const { of, server, told } = scene()
  of.working = true
  const backups = server()
  await backups.makeWhenDue()
  await expect(backups.start()).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(/just now/) })
  expect([of.made, told]).toEqual([0, []])
  of.working = false
  await backups.makeWhenDue()
  expect(of.made).toBe(1)
})

test('a folder that is not as it should be is found out before a backup is due', async () => {
  const { of, server, told } = scene()
  of.add(new Date(START).toISOString())
  of.problem = 'The folder is not there.'
  of.make = () => Promise.reject(new Error('The folder is not there.'))
  await server().makeWhenDue()
  expect(told).toEqual(['No backup could be made: The folder is not there.'])
  expect(await server().state()).toMatchObject({ problem: of.problem, backups: [] })
})

test('without a folder none is made, and who asks is told what to set', async () => {
  const backups = new Backups({
    tools: null,
    everySeconds: 60,
    keep: 7,
    encrypted: true,
    clock: () => new Date(START),
    told: (what) => expect.unreachable(what),
    failed: (error) => expect.unreachable(String(error)),
  })
  await backups.makeWhenDue()
  expect(await backups.state()).toEqual({
    folder: null,
    problem: null,
    every_seconds: 60,
    keep: 7,
    encrypted: true,
    backups: [],
    running: false,
    last_failure: null,
  })
  await expect(backups.start()).rejects.toMatchObject({
    code: 'conflict',
    hint: expect.stringMatching(/^Set BACKUP_TO/),
  })
})
