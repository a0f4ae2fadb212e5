import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedOutside } from '../../src/adapters/outside.ts'

const folder = mkdtempSync(join(tmpdir(), 'trek-outside-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** What stands outside in tests: nothing leaves the machine. */
export const outside = embeddedOutside(folder)
