import { expect, test } from 'vitest'
import { until } from '../../../test/harness/until.ts'
import { createLog, linesTo, type WriteTo } from './log.ts'

type Answer = { error?: string; takes?: number }

/** A file that answers each write as given, and then accepts everything. */
function fileThat(...answers: Answer[]) {
  let text = ''
  let writes = 0
  const writeTo: WriteTo = (_descriptor, bytes, done) => {
    const { error, takes = bytes.length } = answers[writes++] ?? {}
    if (!error) text += bytes.subarray(0, takes)
    setImmediate(() => done(error ? Object.assign(new Error(error), { code: error }) : null, error ? 0 : takes))
  }
  return { log: linesTo(7, writeTo), text: () => text }
}

test('lines are written completely and in order, however few bytes a write accepts', async () => {
  const file = fileThat({ takes: 2 }, { error: 'EAGAIN' }, { takes: 3 })
  for (const line of ['one\n', 'two\n', 'three\n']) file.log.write(line)
  await until(() => file.text() === 'one\ntwo\nthree\n')
})

test('a line that a full disk refuses is dropped, and the next one reports that', async () => {
  const file = fileThat({ error: 'ENOSPC' })
  file.log.write('lost\n')
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  file.log.write('kept\n')
  await until(() => file.text().endsWith('kept\n'))
  expect(file.text()).toMatch(
    /^\{"level":40,"time":\d+,"msg":"Lines of the log that could not be written: 1"\}\nkept\n$/,
  )
})

test('the memory for unread log lines is bounded', async () => {
  const file = fileThat({ error: 'EAGAIN' })
  for (let line = 0; line < 2000; line++) file.log.write(`${'x'.repeat(999)}\n`)
  await until(() => file.text().length > 900_000)
  file.log.write('last\n')
  await until(() => file.text().endsWith('last\n'))
  expect(file.text().length).toBeLessThan(1_100_000)
  expect(file.text()).toMatch(/"Lines of the log that could not be written: \d{3,4}"/)
})

test('a secret is hidden at any depth', async () => {
  const file = fileThat()
  createLog('info', file.log).info({ token: 'a', headers: { cookie: 'b' }, body: { user: { password: 'c' } } }, 'hello')
  await until(() => file.text().includes('hello'))
  expect(file.text()).toContain(
    '"token":"[hidden]","headers":{"cookie":"[hidden]"},"body":{"user":{"password":"[hidden]"}}',
  )
})
