import { createHttp, createLog } from '../../../src/transports/http/index.ts'
import { live } from '../../../src/transports/live/index.ts'
import { rest } from '../../../src/transports/rest/index.ts'
import { services } from '../network/outside-address.ts'
import { openToy } from '../rigs/toy-rig.ts'

// A server of the toy feature in its own process: `node test/harness/processes/toy-process.ts <database> [options as JSON]`.
// Prints its address. When its standard input closes, it prints its failures and ends.
const parts = await openToy(process.argv[2] as string, JSON.parse(process.argv[3] ?? '{}'))
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
  files: services.files,
  about: { title: 'Toy', version: '1', url: null, sessionCookie: 'session' },
})
await live(app, parts)
console.log(await app.listen({ port: 0, host: '127.0.0.1' }))
process.stdin.resume()
process.stdin.once('end', async () => {
  await app.close()
  await parts.close()
  for (const failure of parts.failures) console.error(failure)
  process.exitCode = parts.failures.length ? 1 : 0
})
