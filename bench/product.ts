import { execFileSync } from 'node:child_process'
import { Client } from './client.ts'
import { freePort, memoryOf, start, stop } from './processes.ts'

/** Starts a build on its own database, with a client of its administrator. `memory` is measured right after the start. */
export async function openProduct(entry: string, dataDir: string, particulars: Record<string, string>) {
  const port = await freePort()
  const env = { DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn', MCP_RATE_LIMIT: '1000000', ...particulars }
  const answers = async () => (await fetch(`http://127.0.0.1:${port}/api/health`)).ok
  // The first start of an instance sets it up, so the second one is measured.
  await stop((await start(entry, ['serve', '--enable', 'mcp'], env, answers)).child)
  const { child, ms } = await start(entry, ['serve', '--enable', 'mcp'], env, answers)
  const memory = memoryOf(child)
  const words = ['token', 'create', '--user', 'admin', '--name', 'bench', '--json']
  const made = execFileSync(process.execPath, [entry, ...words], { env: { ...process.env, ...env } })
  const { token } = JSON.parse(String(made)) as { token: string }
  const client = new Client(port, token)
  await client.handshake()
  return { child, client, ms, memory, token }
}
