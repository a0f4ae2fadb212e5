import { createHttp, createLog } from '../src/transports/http/index.ts'
import { live } from '../src/transports/live/index.ts'
import { rest } from '../src/transports/rest/index.ts'
import { openCrates } from './crates.ts'
import { outside } from './outside.ts'

// A server of crates as a process of its own: `node test/crates-process.ts <database>`. Prints its address, and ends with
// what failed in it when its standard input closes.
const parts = await openCrates(process.argv[2] as string)
const app = await createHttp({
  log: createLog('error'),
  database: parts.database,
  appUrl: null,
  allowedHosts: [],
  trustProxy: false,
  web: null,
})
await rest(app, {
  ...parts,
  files: outside.files,
  about: { title: 'Crates', version: '1', url: null, sessionCookie: 'session' },
})
await live(app, parts)
console.log(await app.listen({ port: 0, host: '127.0.0.1' }))
process.stdin.resume()
process.stdin.once('end', async () => {
  await app.close()
  await parts.database.close()
  for (const failure of parts.failures) console.error(failure)
  process.exitCode = parts.failures.length ? 1 : 0
})
