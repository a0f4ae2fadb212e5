import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { end, killServers, launch, serve } from '../test/harness/processes/serving.ts'

afterEach(killServers)

test('the password of the first administrator is shown by the first start that succeeds', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'trek-command-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const occupied = createServer().listen(0, '127.0.0.1')
  await once(occupied, 'listening')
  onTestFinished(() => void occupied.close())
  const { port } = occupied.address() as { port: number }
  const failing = await launch({ dataDir, port })
  if (failing.child.exitCode === null) await once(failing.child, 'exit')
  expect(failing.child.exitCode).toBe(1)
  expect(failing.printed()).toMatch(/^TREK cannot start\. Another program listens on port \d+/m)
  expect(failing.printed()).not.toContain('password')

  const serving = await serve({ dataDir })
  expect(serving.printed()).toMatch(
    /Log in as the first administrator\. This is shown only now:\s+user name +admin\s.*password +\S{8}/s,
  )
  expect(await end(serving)).toBe(0)
})
