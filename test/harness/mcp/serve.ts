import type { Identity } from '../../../src/core/run/authentication.ts'
import { fixtures } from '../../conformance/fixtures.ts'
import { makeKeys, startServer } from './rig.ts'

/** A server in its own process: `node serve.ts <database>`. Reads the tokens from standard input and prints its address. */
const [target = ''] = process.argv.slice(2)
let tokens = ''
for await (const chunk of process.stdin) tokens += chunk
const keys = makeKeys()
keys.copy(JSON.parse(tokens) as Record<string, Identity>)
const { url } = await startServer(target, keys, { fixtures })
process.stdout.write(`${url}\n`)
