import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { childrenOf } from './children.ts'

const folder = mkdtempSync(join(tmpdir(), 'trek-children-'))
const started = join(folder, 'started')
afterAll(() => rmSync(folder, { recursive: true }))

/** A program in place of the command line, with this code. */
function childrenThat(script: string) {
  const file = join(folder, 'program.mjs')
  writeFileSync(file, script)
  return childrenOf(file, { WORD: 'of the server' })
}

test('a command runs in a process of its own, with the given environment', async () => {
  const children = childrenThat(`
    const { pid, ppid, argv, env } = process
    console.log(JSON.stringify({ pid, ppid, words: argv.slice(2), WORD: env.WORD }))`)
  const output = (await children.run('backup', '/some where')) as { pid: number }
  expect(output).toMatchObject({ ppid: process.pid, words: ['backup', '/some where', '--json'], WORD: 'of the server' })
  expect(output.pid).not.toBe(process.pid)
})

test('the error message of a command is passed on', async () => {
  const printing = (text: string) => `console.log(${JSON.stringify(text)}); process.exitCode = 1`
  await expect(childrenThat(printing('{"error":{"message":"No room."}}')).run('backup')).rejects.toThrow('No room.')
  await expect(childrenThat('throw new Error("Oh")').run('backup')).rejects.toThrow(/^Oh$/)
  await expect(childrenThat('process.exit(3)').run('backup')).rejects.toThrow('It ended with code 3 and no message.')
  await expect(childrenThat('process.kill(process.pid, "SIGKILL")').run('backup')).rejects.toThrow(/SIGKILL/)
  // A result that reports a problem is a result, not an error.
  expect(await childrenThat(printing('{"ok":false}')).run('rehearse')).toEqual({ ok: false })
})

test('running commands end with the server, even if they ignore TERM', async () => {
  const children = childrenThat(`
    import { writeFileSync } from 'node:fs'
    process.on('SIGTERM', () => {})
    writeFileSync(${JSON.stringify(started)}, String(process.pid))
    setInterval(() => {}, 1000)`)
  const result = children.run('backup').catch((error) => error)
  await expect.poll(() => existsSync(started) && readFileSync(started, 'utf8') !== '', { timeout: 10_000 }).toBe(true)
  await children.close()
  expect(String(await result)).toMatch(/SIGKILL/)
})
