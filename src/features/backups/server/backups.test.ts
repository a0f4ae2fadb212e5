import { expect, test } from 'vitest'
import { readConfig } from '../../../config/index.ts'
import { typedCommandsFor } from '../../../typed-commands.ts'
import { Backups, type Tools } from './backups.ts'

const DAY = 86_400_000
const commands = typedCommandsFor(readConfig({}), '/opt/trek/server/trek.js')
const START = Date.parse('2027-04-05T03:00:00.000Z')

/** A fake folder of backups and a fake clock, without a process. */
function scene() {
  let now = START
  const warnings: string[] = []
  const recorded: unknown[] = []
  const nameOf = (at: number) => `trek-${new Date(at).toISOString()}`
  const failures: unknown[] = []
  const backupList: Awaited<ReturnType<Tools['list']>> = []
  let notes: Awaited<ReturnType<Tools['readNotes']>> = { started_at: null, failure: null }
  const of = {
    made: 0,
    working: false,
    problem: null as string | null,
    make: async (): Promise<void> => {},
    lack: null as string | null,
    removed: [] as string[],
    progress: null as Awaited<ReturnType<Tools['progress']>>,
    byHand: [] as boolean[],
    add: (made_at: string, { damaged = false, by_hand = false, unread = false } = {}) =>
      backupList.unshift({ name: `trek-${made_at}`, size: 1, made_at, encrypted: false, by_hand, damaged, unread }),
  }
  const tools: Tools = {
    folder: '/backups',
    problem: async () => of.problem,
    list: async () => backupList,
    open: async () => null,
    async make({ byHand }) {
      of.made++
      of.byHand.push(byHand)
      await of.make()
      of.add(new Date(now).toISOString(), { by_hand: byHand })
      return { name: nameOf(now), removed: of.removed, lack: of.lack }
    },
    rehearse: async () => Promise.reject(new Error('The backup is damaged')),
    pathOf: (name) => `/backups/${name}`,
    isWorking: async () => of.working,
    progress: async () => of.progress,
    readNotes: async () => notes,
    writeNotes: async (newNotes) => {
      notes = newNotes
    },
    holdings: async () => ({ users: 1, trips: 0, files: 2, changed_at: null }),
    close: async () => {},
  }
  const server = (with_: Partial<Tools> = {}) =>
    new Backups({
      tools: { ...tools, ...with_ },
      commands,
      everySeconds: DAY / 1000,
      keep: 7,
      encrypted: false,
      clock: () => new Date(now),
      record: (entry) => recorded.push(entry),
      warn: (warning) => warnings.push(warning),
      onError: (error) => failures.push(error),
    })
  return { of, server, warnings, recorded, failures, pass: (ms: number) => (now += ms) }
}

const MINUTE = 60_000
const ASKER = { userId: 7, way: 'web', grant: 'session:5' } as const

test('a backup is made when the newest one is due for replacement, whichever server made it', async () => {
  const { of, server, warnings, pass } = scene()
  await server().makeWhenDue()
  expect(of.made).toBe(1)
  pass(DAY - MINUTE)
  await server().makeWhenDue()
  expect(of.made).toBe(1)
  pass(MINUTE)
  await server().makeWhenDue()
  await server().makeWhenDue()
  expect(of.made).toBe(2)
  expect(warnings).toEqual([])
})

test('a backup made by hand is marked, and does not replace a scheduled one', async () => {
  const { of, server, pass } = scene()
  await server().makeWhenDue()
  pass(DAY - MINUTE)
  const backups = server()
  await backups.start(ASKER)
  await expect.poll(() => of.made).toBe(2)
  pass(MINUTE)
  await server().makeWhenDue()
  expect(of.byHand).toEqual([false, true, false])
})

test('a backup dated in the future does not prevent the next one', async () => {
  const { of, server } = scene()
  of.add(new Date(START + 400 * DAY).toISOString())
  of.lack = 'The folder contains backups that are dated in the future.'
  await server().makeWhenDue()
  expect(of.made).toBe(1)
  expect(await server().state()).toMatchObject({ last_failure: { reason: of.lack, made: true } })
})

test('a failure is reported each time, shown until a backup succeeds, and retried after ten minutes', async () => {
  const { of, server, warnings, pass } = scene()
  of.make = () => Promise.reject(new Error('The disk is full.'))
  const backups = server()
  await backups.makeWhenDue()
  await backups.makeWhenDue()
  // A restarted server knows of the failure.
  await server().makeWhenDue()
  expect(warnings).toEqual(['No backup could be made: The disk is full.'])
  const failure = { at: new Date(START).toISOString(), reason: 'The disk is full.' }
  expect(await server().state()).toMatchObject({ running: false, last_failure: failure, backups: [] })
  pass(10 * MINUTE)
  await backups.makeWhenDue()
  expect([of.made, warnings.length]).toEqual([2, 2])
  of.make = async () => {}
  pass(10 * MINUTE)
  await backups.makeWhenDue()
  expect(await server().state()).toMatchObject({ last_failure: null, backups: [{ encrypted: false }] })
})

test('all servers together make one backup at a time, and a request for a second one is refused', async () => {
  const { of, server, pass } = scene()
  let finish = () => {}
  of.make = () =>
    new Promise((resolve) => {
      finish = resolve
    })
  const [backups, other] = [server(), server()]
  const results = await Promise.allSettled([backups.start(ASKER), backups.start(ASKER)])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  await expect(other.start(ASKER)).rejects.toMatchObject({
    code: 'conflict',
    message: 'The server is making a backup already',
  })
  of.working = true
  pass(DAY)
  expect(await other.state()).toMatchObject({ running: true })
  await other.makeWhenDue()
  expect(of.made).toBe(1)
  // A killed server leaves the note of a backup that no process is making.
  of.working = false
  expect(await other.state()).toMatchObject({ running: false })
  finish()
  await backups.close()
  expect(await backups.state()).toMatchObject({ running: false })
})

test('a backup ended by a server shutdown is not a failure', async () => {
  const { of, server, warnings } = scene()
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
  expect(warnings).toEqual([])
  expect(await server().state()).toMatchObject({ running: false, last_failure: null })
})

test('if its notes cannot be written, the server still knows the result', async () => {
  const { of, server, failures } = scene()
  of.make = () => Promise.reject(new Error('The disk is full.'))
  const backups = server({ writeNotes: () => Promise.reject(new Error('The disk is full.')) })
  await backups.makeWhenDue()
  await backups.makeWhenDue()
  expect(of.made).toBe(1)
  expect(await backups.state()).toMatchObject({ running: false, last_failure: { reason: 'The disk is full.' } })
  expect(failures).toHaveLength(2)
})

test('an unreadable or missing backup is explained', async () => {
  const { of, server } = scene()
  of.add('2027-04-04T03:00:00.000Z')
  const backups = server()
  await expect(backups.preview('trek-2027-04-04T03:00:00.000Z')).rejects.toMatchObject({
    code: 'conflict',
    message: 'The backup is damaged',
  })
  await expect(backups.preview('../trek.db')).rejects.toMatchObject({ code: 'not_found' })
})

test('a scheduled backup that cannot even begin is reported like any other failure', async () => {
  const { server, warnings, failures } = scene()
  const isWorking = () => Promise.reject(new Error('The lock may not be read.'))
  const backups = server({ isWorking })
  await backups.makeWhenDue()
  expect([warnings, failures]).toEqual([['No backup could be made: The lock may not be read.'], []])
  expect(await backups.state()).toMatchObject({
    running: false,
    last_failure: { at: new Date(START).toISOString(), reason: 'The lock may not be read.', made: false },
  })
  await expect(backups.start(ASKER)).rejects.toMatchObject({ code: 'conflict', message: 'The lock may not be read.' })
  const list = () => Promise.reject(new Error('The disk does not answer.'))
  const other = scene()
  await other.server({ list }).makeWhenDue()
  expect(other.warnings).toEqual(['No backup could be made: The disk does not answer.'])
})

test('no backup starts while one is being made or restored elsewhere', async () => {
  const { of, server, warnings } = scene()
  of.working = true
  const backups = server()
  await backups.makeWhenDue()
  await expect(backups.start(ASKER)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/making or restoring a backup right now/),
  })
  expect([of.made, warnings]).toEqual([0, []])
  of.working = false
  await backups.makeWhenDue()
  expect(of.made).toBe(1)
})

test('the next server reports an interrupted backup until another one is made', async () => {
  const { of, server, pass } = scene()
  let end = (_: Error) => {}
  of.make = () =>
    new Promise((_, reject) => {
      end = reject
    })
  of.add(new Date(START - MINUTE).toISOString())
  const began = new Date(START).toISOString()
  const backups = server({ close: async () => end(new Error('It was ended')) })
  await backups.start(ASKER)
  expect(await backups.state()).toMatchObject({ running: true, started_at: began, cut_off_at: null })
  await backups.close()
  expect(await server().state()).toMatchObject({ running: false, started_at: null, cut_off_at: began })
  // A second server is killed without writing a note.
  pass(MINUTE)
  const killed = server()
  await killed.start(ASKER)
  pass(MINUTE)
  const next = server()
  expect(await next.state()).toMatchObject({ running: false, cut_off_at: new Date(START + MINUTE).toISOString() })
  of.make = async () => {}
  await next.start(ASKER)
  await next.close()
  expect(await next.state()).toMatchObject({ running: false, cut_off_at: null })
})

test('a completed backup is not reported as failed if only removing older ones failed', async () => {
  const { of, server, warnings } = scene()
  of.make = async () => {
    of.add(new Date(START).toISOString())
    throw new Error('Permission denied')
  }
  const backups = server()
  await backups.makeWhenDue()
  expect(warnings).toEqual(['A backup was made, with a problem: Older backups could not be removed: Permission denied'])
  expect(await backups.state()).toMatchObject({
    last_failure: { reason: 'Older backups could not be removed: Permission denied', made: true },
  })
})

test('a backup without all files is reported until a complete one is made', async () => {
  const { of, server, warnings, pass } = scene()
  of.lack = 'It lacks 2 uploaded files.'
  const backups = server()
  await backups.makeWhenDue()
  expect(warnings).toEqual(['A backup was made, with a problem: It lacks 2 uploaded files.'])
  expect(await backups.state()).toMatchObject({ last_failure: { reason: of.lack, made: true }, backups: [{}] })
  of.lack = null
  pass(DAY)
  await backups.makeWhenDue()
  expect(await backups.state()).toMatchObject({ last_failure: null })
})

test('a failure that is resolved, or concerns another folder, is not shown', async () => {
  const { of, server, pass } = scene()
  of.problem = 'The folder is not there.'
  of.make = () => Promise.reject(new Error('The folder is not there.'))
  await server().makeWhenDue()
  expect(await server().state()).toMatchObject({ last_failure: { made: false } })
  of.problem = null
  expect(await server().state()).toMatchObject({ last_failure: null })

  of.make = () => Promise.reject(new Error('The disk is full.'))
  pass(10 * MINUTE)
  await server().makeWhenDue()
  expect(await server().state()).toMatchObject({ last_failure: { reason: 'The disk is full.' } })
  expect(await server({ folder: '/elsewhere' }).state()).toMatchObject({ last_failure: null })
  pass(2 * MINUTE)
  // Made manually, on the command line.
  of.add(new Date(START + 11 * MINUTE).toISOString())
  expect(await server().state()).toMatchObject({ last_failure: null })
})

test('every server shows how far the running backup is, and nothing of an earlier one', async () => {
  const { of, server } = scene()
  let finish = () => {}
  of.make = () =>
    new Promise((resolve) => {
      finish = resolve
    })
  const progress = { step: 'packing', done_bytes: 10, total_bytes: 40 } as const
  const [backups, other] = [server(), server()]
  of.progress = { at: new Date(START - 1).toISOString(), ...progress }
  expect(await backups.state()).toMatchObject({ running: false, progress: null })
  await backups.start(ASKER)
  of.working = true
  expect(await other.state()).toMatchObject({ running: true, progress: null })
  of.progress = { at: new Date(START + 1).toISOString(), ...progress }
  for (const one of [backups, other]) expect((await one.state()).progress).toEqual(progress)
  of.working = false
  finish()
  await backups.close()
  expect(await other.state()).toMatchObject({ running: false, progress: null })
})

test('the audit log names the backups that were made and removed, and who asked for it', async () => {
  const { of, server, recorded, pass } = scene()
  of.removed = ['trek-oldest', 'trek-older']
  const backups = server()
  await backups.start(ASKER)
  await backups.close()
  const auditFields = { outcome: 'ok', user_id: 7, way: 'web', grant_id: 'session:5' }
  expect(recorded.splice(0)).toEqual([
    { event: 'backup_made', subject: `trek-${new Date(START).toISOString()}`, ...auditFields },
    { event: 'backup_removed', subject: 'trek-oldest', ...auditFields },
    { event: 'backup_removed', subject: 'trek-older', ...auditFields },
  ])
  of.removed = []
  pass(DAY)
  await server().makeWhenDue()
  const scheduled = { outcome: 'ok', user_id: null, way: 'system', grant_id: null }
  const next = `trek-${new Date(START + DAY).toISOString()}`
  expect(recorded.splice(0)).toEqual([{ event: 'backup_made', subject: next, ...scheduled }])

  of.make = () => Promise.reject(new Error('The disk is full.'))
  pass(DAY)
  await server().makeWhenDue()
  expect(recorded).toEqual([])
  const failing = server()
  await failing.start(ASKER)
  await expect
    .poll(() => recorded)
    .toEqual([{ event: 'backup_made', subject: null, ...auditFields, outcome: 'unavailable' }])
})

test('a failure is not shown while the next backup is being made', async () => {
  const { of, server } = scene()
  of.make = () => Promise.reject(new Error('The disk is full.'))
  const backups = server()
  await backups.makeWhenDue()
  let finish = () => {}
  of.make = () =>
    new Promise((resolve) => {
      finish = resolve
    })
  await backups.start(ASKER)
  expect(await backups.state()).toMatchObject({ running: true, last_failure: null })
  finish()
  await backups.close()
})

test('a damaged file does not count as a backup: it is shown, and another one is made', async () => {
  const { of, server } = scene()
  of.add(new Date(START).toISOString(), { damaged: true })
  expect(await server().state()).toMatchObject({ backups: [{ damaged: true }] })
  await server().makeWhenDue()
  expect(of.made).toBe(1)
  expect(await server().state()).toMatchObject({ backups: [{ damaged: false }, { damaged: true }] })
})

test('a backup that cannot be read does not count as a backup', async () => {
  const { of, server } = scene()
  of.add(new Date(START).toISOString(), { unread: true })
  await server().makeWhenDue()
  expect(of.made).toBe(1)
})

test('a preview of a backup without files says what is missing, and how to restore it', async () => {
  const { of, server } = scene()
  of.add('2027-04-04T03:00:00.000Z')
  const manifest = { made_at: '2027-04-04T03:00:00.000Z', version: '0.1.0', has_files: false }
  const holdings = { users: 1, trips: 0, files: 0, changed_at: null }
  const preview = { manifest, ...holdings, key_fits: true, migrations: [], problems: [], missing_files: 2 }
  const backups = server({ rehearse: async () => preview })
  expect(await backups.preview('trek-2027-04-04T03:00:00.000Z')).toMatchObject({
    has_files: false,
    missing_files: 2,
    backup: { files: 0 },
    now: { files: 2 },
    command: 'npx trek restore /backups/trek-2027-04-04T03:00:00.000Z --replace',
    settings: [],
  })
})

test('a problem with the folder is found before a backup is due', async () => {
  const { of, server, warnings } = scene()
  of.add(new Date(START).toISOString())
  of.problem = 'The folder is not there.'
  of.make = () => Promise.reject(new Error('The folder is not there.'))
  await server().makeWhenDue()
  expect(warnings).toEqual(['No backup could be made: The folder is not there.'])
  expect(await server().state()).toMatchObject({ problem: of.problem, backups: [] })
})

test('without a folder no backup is made, and the error names the setting', async () => {
  const backups = new Backups({
    tools: null,
    commands,
    everySeconds: 60,
    keep: 7,
    encrypted: true,
    clock: () => new Date(START),
    record: (entry) => expect.unreachable(entry.event),
    warn: (warning) => expect.unreachable(warning),
    onError: (error) => expect.unreachable(String(error)),
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
    started_at: null,
    progress: null,
    cut_off_at: null,
    last_failure: null,
    to_make: { command: 'npx trek backup /mnt/other-disk/backups/', settings: [] },
    to_show_key: { command: 'npx trek encryption-key show', settings: [] },
  })
  await expect(backups.start(ASKER)).rejects.toMatchObject({
    code: 'conflict',
    hint: expect.stringMatching(/^Set BACKUP_TO/),
  })
})
