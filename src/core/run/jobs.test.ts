import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { SYSTEM } from '../data/space.ts'
import { addon, operation } from '../declare/operation.ts'
import type { Job } from './feature.ts'
import { Jobs } from './jobs.ts'
import type { Lease } from './lease.ts'
import type { Pipeline } from './pipeline.ts'
import { SettingsView } from './settings.ts'

const count_things = operation({
  name: 'count_things',
  title: 'Count things',
  description: 'Count things.',
  effect: 'read',
  scope: null,
  route: 'GET /things/count',
  expose: [],
  input: z.object({}),
  output: z.object({ count: z.int() }),
})

const extras = addon({ name: 'extras', title: 'Extras', description: 'Extras', default: false })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function scene(
  job: Pick<Job, 'run' | 'firstAfterSeconds' | 'byAge'>,
  more: { addon?: typeof extras } = {},
  lease: Lease = { hold: async () => true, release: async () => {} },
) {
  const failures: Error[] = []
  const lines: unknown[] = []
  const callers: unknown[] = []
  const settings = { current: async () => new SettingsView([]) }
  const run = async (_operation: unknown, _input: unknown, caller: unknown) => {
    callers.push(caller)
    return { count: 3 }
  }
  const jobs = new Jobs({
    features: [{ ...more, jobs: [{ name: 'count', everySeconds: 3600, ...job }] }],
    pipeline: { parts: { settings }, run } as unknown as Pipeline,
    lease,
    onError: (error) => failures.push(error as Error),
    log: (message, details) => lines.push([message, details]),
  })
  return { jobs, failures, callers, lines }
}

const wait = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)

test('jobs that delete by age wait until the clock ran steadily for an hour, also after a jump', async () => {
  let counted = 0
  const { jobs, lines } = scene({
    byAge: true,
    run: async () => void counted++,
  })
  jobs.start()
  await wait(3500)
  expect(counted).toBe(0)
  await wait(200)
  expect(counted).toBe(1)
  vi.setSystemTime(Date.now() + 400 * 24 * 3_600_000)
  await wait(3600 + 3400)
  expect(counted).toBe(1)
  await wait(400)
  expect(counted).toBe(2)
  expect(lines).toEqual([[expect.stringMatching(/^The clock of the machine has jumped ahead by 576000 minutes/), {}]])
  await jobs.close()
})

test('a job runs soon after the start and then at its interval, as TREK itself', async () => {
  const counts: number[] = []
  const { jobs, callers } = scene({
    run: async (of) => void counts.push((await of.run(count_things, {})).count),
  })
  jobs.start()
  expect(counts).toEqual([])
  await wait(60)
  expect(counts).toEqual([3])
  await wait(3600)
  expect(counts).toEqual([3, 3])
  expect(callers).toEqual([SYSTEM, SYSTEM])
  await jobs.close()
  await wait(7200)
  expect(counts).toEqual([3, 3])
})

test('a job with a delay runs for the first time after it', async () => {
  let runs = 0
  const { jobs } = scene({ firstAfterSeconds: 7200, run: async () => void runs++ })
  jobs.start()
  await wait(7199)
  expect(runs).toBe(0)
  await wait(1)
  expect(runs).toBe(1)
  await wait(3600)
  expect(runs).toBe(2)
  await jobs.close()
})

test('the report of a job goes to the log', async () => {
  const { jobs, lines } = scene({ run: async ({ log }) => log('Things were counted', { count: 3 }) })
  jobs.start()
  await wait(60)
  expect(lines).toEqual([['Things were counted', { count: 3 }]])
  await jobs.close()
})

test('a failed job is reported, and tried again at its next time', async () => {
  let tries = 0
  const { jobs, failures } = scene({
    async run() {
      if (++tries === 1) throw new Error('no disk')
    },
  })
  jobs.start()
  await wait(60)
  expect(failures.map(({ message, cause }) => [message, (cause as Error).message])).toEqual([
    ['The job count failed', 'no disk'],
  ])
  await wait(3600)
  expect([tries, failures.length]).toEqual([2, 1])
  await jobs.close()
})

test('a job never runs twice at once, and closing waits for it', async () => {
  let running = 0
  let most = 0
  let isDone = false
  const { jobs } = scene({
    async run() {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 10_000_000))
      running--
      isDone = true
    },
  })
  jobs.start()
  await wait(9000)
  expect([running, most]).toEqual([1, 1])
  const closed = jobs.close()
  await wait(10_000)
  await closed
  expect([most, isDone]).toEqual([1, true])
})

test('the jobs of an add-on that is off do not run', async () => {
  let runs = 0
  const { jobs } = scene({ run: async () => void runs++ }, { addon: extras })
  jobs.start()
  await wait(4000)
  expect(runs).toBe(0)
  await jobs.close()
})

test('one of several processes does the work, and another one takes over soon after it has gone', async () => {
  let holder: string | null = null
  const leaseOf = (name: string): Lease => ({
    hold: async () => (holder ??= name) === name,
    async release() {
      if (holder === name) holder = null
    },
  })
  const ran: string[] = []
  const [first, second] = ['first', 'second'].map((name) =>
    scene({ run: async () => void ran.push(name) }, {}, leaseOf(name)),
  )
  first?.jobs.start()
  second?.jobs.start()
  await wait(60)
  expect(ran).toEqual(['first'])
  await first?.jobs.close()
  await wait(60)
  expect(ran).toEqual(['first', 'second'])
  await second?.jobs.close()
  expect(holder).toBe(null)
})
