import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { freePort } from '../../bench/processes.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { startCommand } from '../harness/processes/command.ts'

const root = new URL('../..', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'trek-on-demand-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { dependencies } = packageJson
const PARTS = /^(metrics|traces)-[\w-]+\.js$/

test('a server without metrics and traces does not load their code', async () => {
  for (const part of ['package.json', 'server']) {
    cpSync(join(root, 'dist', part), join(folder, part), { recursive: true, filter: (path) => !path.endsWith('.map') })
  }
  mkdirSync(join(folder, 'node_modules'))
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  const server = join(folder, 'server')
  const parts = readdirSync(server).filter((name) => PARTS.test(name))
  expect(new Set(parts.map((name) => name.split('-')[0]))).toEqual(new Set(['metrics', 'traces']))
  const start = async (more: Record<string, string>) => {
    const port = await freePort()
    const env = { PATH: process.env.PATH, DATA_DIR: join(folder, 'data'), PORT: String(port), ...more }
    const command = [process.execPath, join(server, 'trek.js'), 'serve'] as const
    const started = await startCommand(command, { env, ready: 'TREK is running' })
    const { status } = await fetch(`http://127.0.0.1:${port}/api/ready`)
    await started.stop()
    return status
  }
  // With the files the server starts with both on, which proves that these are the files it would load.
  const allSettings = { METRICS_TOKEN: '4c'.repeat(32), OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }
  expect(await start(allSettings)).toBe(200)
  for (const name of parts) rmSync(join(server, name))
  expect(await start({})).toBe(200)
  await expect(start({ METRICS_TOKEN: '4c'.repeat(32) })).rejects.toThrow('It did not start')
})
