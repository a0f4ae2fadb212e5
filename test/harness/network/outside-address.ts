import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedServices } from '../../../src/adapters/external-services.ts'

const folder = mkdtempSync(join(tmpdir(), 'trek-outside-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** The public address of the server. */
export const APP_URL = 'https://trek.example.org'

/** The external services in tests: none leaves the machine. */
export const services = { ...embeddedServices(folder), addressOf: (path: string) => `${APP_URL}${path}` }
