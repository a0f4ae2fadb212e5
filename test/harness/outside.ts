import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedOutside } from '../../src/adapters/outside.ts'

const folder = mkdtempSync(join(tmpdir(), 'trek-outside-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Where people would reach the server. */
export const APP_URL = 'https://trek.example.org'

/** What stands outside in tests: nothing leaves the machine. */
export const outside = { ...embeddedOutside(folder), addressOf: (path: string) => `${APP_URL}${path}` }
