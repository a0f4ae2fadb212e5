import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Part } from './archive.ts'
import { ProgressReport, readProgress } from './progress.ts'

let folder: string
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  folder = mkdtempSync(join(tmpdir(), 'trek-progress-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

/** Two parts of 100 bytes; each takes a second to come. */
async function* slowParts(): AsyncGenerator<Part> {
  for (const name of ['one', 'two']) {
    vi.setSystemTime(Date.now() + 1000)
    yield { name, size: 100, bytes: Readable.from([Buffer.alloc(60), Buffer.alloc(40)]) }
  }
}

test('the file says which step a backup is at, and how many bytes are packed', async () => {
  expect(await readProgress(folder)).toBeNull()
  const report = new ProgressReport(folder)
  expect(await readProgress(folder)).toMatchObject({ step: 'copying', done_bytes: 0, total_bytes: 0 })
  const reported: unknown[] = []
  for await (const { bytes } of report.of(slowParts(), 200)) {
    for await (const _ of bytes) reported.push((await readProgress(folder))?.done_bytes)
  }
  // It is written at most twice a second: the first bytes of each part are reported, the others soon after.
  expect(reported).toEqual([60, 60, 160, 160])
  expect(await readProgress(folder)).toMatchObject({ step: 'storing', done_bytes: 200, total_bytes: 200 })
})

test('more bytes than expected count as all of them', async () => {
  for await (const { bytes } of new ProgressReport(folder).of(slowParts(), 50)) {
    for await (const _ of bytes) expect((await readProgress(folder))?.done_bytes).toBeLessThanOrEqual(50)
  }
})

test('a backup goes on if its progress cannot be written', async () => {
  const report = new ProgressReport(join(folder, 'missing'))
  let read = 0
  for await (const { bytes } of report.of(slowParts(), 200)) for await (const chunk of bytes) read += chunk.length
  expect(read).toBe(200)
})
