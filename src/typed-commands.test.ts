import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config/index.ts'
import { typedCommandsFor } from './typed-commands.ts'

const CHECKOUT = resolve(import.meta.dirname, '..')
const IN_CHECKOUT = join(CHECKOUT, 'dist/server/trek.js')
const INSTALLED = '/opt/trek/node_modules/trek/server/trek.js'

const commands = (env: Record<string, string>, entry = INSTALLED) => typedCommandsFor(readConfig(env), entry)

test('a command names the data folder of the server, quoted for a shell, unless it is the default', () => {
  expect(commands({ DATA_DIR: '/srv/trek' }).restore('/backups/a.tar.zst')).toEqual({
    command: 'DATA_DIR=/srv/trek npx trek restore /backups/a.tar.zst --replace',
    settings: [],
  })
  expect(commands({ DATA_DIR: "/srv/Ana's trips" }).showKey().command).toBe(
    "DATA_DIR='/srv/Ana'\\''s trips' npx trek encryption-key show",
  )
  expect(commands({}).showKey().command).toBe('npx trek encryption-key show')
  expect(commands({ BACKUP_TO: '/backups' }).backup().command).toBe('npx trek backup /backups/')
})

test('in a checkout, the command is run by npm, whichever file has started the server', () => {
  for (const entry of [IN_CHECKOUT, join(CHECKOUT, 'bin/trek.js')]) {
    expect(commands({}, entry).showKey().command).toBe('npm run -s trek -- encryption-key show')
  }
})

test('the other settings that a command needs are named, without their values', () => {
  const env = {
    DATABASE_URL: 'postgres://trek:hush@db/trek',
    FILES_URL: 's3://uploads',
    S3_ACCESS_KEY: 'access',
    S3_SECRET_KEY: 'hush',
    ENCRYPTION_KEY: '5e'.repeat(32),
    BACKUP_PASSPHRASE: 'correct horse battery',
  }
  const allCommands = commands(env)
  expect(allCommands.restore('/backups/a.tar.zst').settings).toEqual([
    'DATABASE_URL',
    'FILES_URL',
    'S3_ACCESS_KEY',
    'S3_SECRET_KEY',
    'ENCRYPTION_KEY',
    'BACKUP_PASSPHRASE',
  ])
  expect(allCommands.showKey().settings).toEqual(['ENCRYPTION_KEY'])
  expect(JSON.stringify([allCommands.restore('/x'), allCommands.backup(), allCommands.showKey()])).not.toMatch(
    /hush|horse|5e5e/,
  )
})
