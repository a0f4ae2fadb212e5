import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { filesPlace } from '../adapters/files-place.ts'
import type { Kept } from '../backup/backups-place.ts'
import { sealWith } from '../backup/encryption.ts'
import { explained } from '../backup/explained.ts'
import { finishRestore } from '../backup/finish-restore.ts'
import { type Made, makeBackup } from '../backup/make.ts'
import { DATABASE, type Manifest } from '../backup/manifest.ts'
import { move } from '../backup/move.ts'
import { CannotBeDone, isThere, type Place, refuseInWork, withDatabase } from '../backup/place.ts'
import { placeAndName } from '../backup/places.ts'
import { holdingsOf, type Unpacked, unpack } from '../backup/read.ts'
import { inReadingFolder } from '../backup/reading.ts'
import { restore } from '../backup/restore.ts'
import { sized } from '../backup/room.ts'
import { whyNot } from '../cannot-start.ts'
import type { Config } from '../config/index.ts'
import { isPostgres } from '../db/connect.ts'
import { migrate, pendingMigrations } from '../db/migrate.ts'
import { problemsIn } from '../db/sqlite-copy.ts'
import { fingerprintOf, keptKey, keyFile } from '../identity/server/secrets.ts'
import { adviceOnMissing } from '../instance-files.ts'
import { keyProblem } from '../instance-key.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { type Command, needed } from './command.ts'
import { counted } from './counted.ts'

const sealOf = (config: Config) =>
  sealWith({
    passphrase: config.backupPassphrase,
    recipient: config.backupRecipient,
    identity: config.backupIdentity,
  })

const WITHOUT_KEY =
  'The backup is not encrypted, so it does not contain the encryption key. Keep the key somewhere else: trek encryption-key show ' +
  'prints it. To include it in backups, set BACKUP_PASSPHRASE.'

/** Says so if a new backup is without the encryption key, and why. */
function lackOfKey({ encryptionKey, dataDir, ...config }: Config, { has_key }: Manifest): string[] {
  if (has_key) return []
  if (!config.backupPassphrase && !config.backupRecipient) return encryptionKey ? [] : [WITHOUT_KEY]
  const place = encryptionKey ? 'ENCRYPTION_KEY' : keyFile(dataDir)
  const why = keptKey({ encryptionKey, dataDir })
    ? `the one in ${place} does not belong to this database`
    : `ENCRYPTION_KEY is not set, and there is no ${place}`
  return [
    `The backup is encrypted, but does not contain the encryption key: ${why}. Put the right key there, and make another backup.`,
  ]
}

/** Says so if a new backup is lost together with the instance. */
function insideDataFolder({ dataDir }: Config, to: string): string[] {
  if (to.startsWith('s3://') || !existsSync(dataDir)) return []
  const folder = realpathSync(existsSync(to) ? to : dirname(to))
  return `${folder}/`.startsWith(`${realpathSync(dataDir)}/`)
    ? [`The backup is in DATA_DIR, and is lost with it. Keep backups in another folder, best on another disk.`]
    : []
}

const CHECK_CLOCK = 'Check the clock of this machine. Delete or rename that backup only if the clock is right.'

const NOTHING_REMOVED: Kept = { removed: [], ahead: [], unread: [] }

async function keepNewest(config: Config, to: string, count: number, { file, manifest }: Made): Promise<Kept> {
  const { place } = placeAndName(to, config)
  try {
    return await place.keepNewest(manifest.instance_id, count, basename(file))
  } finally {
    await place.close()
  }
}

/** Otherwise it is a folder to keep several backups in. */
const isNameOfFile = (path: string): boolean => /\.tar\.zst(\.age)?$/.test(path)

const keepProblem = (value: string): string | null =>
  /^[1-9]\d{0,8}$/.test(value) ? null : `--keep is "${value}", but must be a whole number from 1.`

const targetProblem = (value: string): string | null =>
  value === 'sqlite' || isAddress(value)
    ? null
    : '--to must be an address like postgres://user:password@host:5432/trek, or sqlite. In a password, write # as %23, / as %2F, ' +
      '@ as %40 and % as %25.'

const madeBy = ({ made_at, version, engine }: Manifest): string =>
  `Made ${made_at} by TREK ${version} on ${engine === 'postgres' ? 'PostgreSQL' : 'SQLite'}.`

/** What to do about the key after a restore. */
function aboutKey(config: Config, { key_fingerprint: expected }: Manifest): string[] {
  const isExpected = (key: Buffer | null) => key !== null && fingerprintOf(key) === expected
  if (expected === null || isExpected(keptKey(config))) return []
  const file = keyFile(config.dataDir)
  const needs = `This instance needs the encryption key with the fingerprint ${expected.slice(0, 8)}, and`
  if (isExpected(keptKey({ ...config, encryptionKey: null }))) {
    return [
      `${needs} ENCRYPTION_KEY is a different one. The right one is in ${file}: remove ENCRYPTION_KEY, or set it to that key.`,
    ]
  }
  return [
    `${needs} ${config.encryptionKey ? 'ENCRYPTION_KEY is a different one' : 'it is not here'}. Set ENCRYPTION_KEY to it, or put it into ` +
      `${file} and remove ENCRYPTION_KEY. If it is lost, start the server with --new-key: everybody has to log in again, and share links end.`,
  ]
}

const uploadedFiles = (count: number): string => counted(count, 'uploaded file')

/** `3 uploaded files (a, b, c)`, with a few of their keys. */
function namedFiles(keys: readonly string[]): string {
  const more = keys.length > 3 ? ` and ${keys.length - 3} more` : ''
  return `${uploadedFiles(keys.length)} (${keys.slice(0, 3).join(', ')}${more})`
}

async function adviceAbout(keys: readonly string[], config: Config): Promise<string> {
  const place = filesPlace(config)
  try {
    const otherwise = 'Put them back from an older backup, or delete them in TREK'
    return await adviceOnMissing(keys, place, config.dataDir, otherwise)
  } finally {
    await place.close()
  }
}

/** Whether files are missing from a backup that should have all of them. */
const isIncomplete = ({ manifest, incomplete }: Unpacked): boolean => manifest.has_files && incomplete.length > 0

/** Reports uploaded files that a backup refers to but does not contain. */
function lackOf({ manifest, incomplete }: Unpacked): string[] {
  if (!incomplete.length) return []
  return [
    manifest.has_files
      ? `Missing or damaged when it was made: ${namedFiles(incomplete)}.`
      : `It was made without uploaded files. Its rows refer to ${incomplete.length}, which must be where it is restored.`,
  ]
}

/** Unpacks the database of a backup for a look at it. */
function reading<T>(
  config: Config,
  place: Place,
  file: string,
  look: (unpacked: Unpacked, folder: string) => Promise<T>,
): Promise<T> {
  refuseInWork(config, file)
  const { dataDir } = place
  return inReadingFolder(dataDir, async (work) => {
    const unpacked = await unpack(place, file, sealOf(config), work, { whole: false })
    return look(unpacked, work)
  }).catch(explained({ ...config, dataDir, database: `the database of ${file}` }))
}

/** Whether this can be the address of a PostgreSQL database. */
const isAddress = (text: string): boolean => isPostgres(text) && !/^\w+:\/\/$/.test(text) && URL.canParse(text)

export const backupCommands: readonly Command[] = [
  {
    name: 'backup',
    copiesFiles: true,
    says: 'Back up all data and uploaded files into one file while the server runs.',
    more: ['With BACKUP_PASSPHRASE or BACKUP_RECIPIENT the file is encrypted, and contains the encryption key.'],
    options: {
      'without-files': { says: 'Leave out uploaded files.' },
      keep: {
        value: 'count',
        says: 'Keep this many of the newest scheduled backups of this instance in the folder, and as many made by hand. Delete the older ones.',
        problem: keepProblem,
      },
      'by-hand': { says: 'With --keep, count this one among those made by hand. Without --keep, every backup is.' },
    },
    operands: [
      {
        name: 'to',
        says: 'A folder, the name of a new file, or storage: s3://bucket/…. With --keep, a name without .tar.zst is a folder.',
        isPlace: true,
      },
    ],
    examples: ['backup /mnt/other-disk/ --keep 7'],
    async run({ config }, values, [given = '']) {
      const count = values.keep === undefined ? null : Number(values.keep)
      const to = count === null || isNameOfFile(given) ? given : `${given.replace(/\/+$/, '')}/`
      const seal = sealOf(config)
      refuseInWork(config, to)
      await finishRestore(config)
      const byHand = count === null || values['by-hand'] === true
      const withFiles = !values['without-files']
      const backup = await makeBackup(config, to, { seal, withFiles, byHand })
      const { file, bytes, files, incomplete, unreadable, manifest } = backup
      // The older backups may be the only ones that hold the missing files.
      const { removed, ahead, unread } =
        count === null || incomplete.length || values['without-files']
          ? NOTHING_REMOVED
          : await keepNewest(config, to, count, backup)
      return {
        json: {
          backup: { file, bytes, files, incomplete, unreadable, encrypted: seal !== null, manifest },
          removed,
          ahead,
          unread,
        },
        failed: incomplete.length > 0,
        lines: [
          `${file}: ${sized(bytes)}, with ${uploadedFiles(files)}.`,
          ...(incomplete.length
            ? [
                `Missing or damaged: ${namedFiles(incomplete)}. ${await adviceAbout(incomplete, config)}.${count === null ? '' : ' No older backup was removed.'}`,
              ]
            : []),
          ...unreadable.map((one) => `Cannot be read: ${one}.`),
          ...(count !== null && values['without-files'] && !incomplete.length
            ? ['The backup leaves out uploaded files. No older backup was removed.']
            : []),
          ...removed.map((name) => `Removed ${name}.`),
          ...unread.map(
            (name) => `${name} cannot be read. It was not counted, and not removed. Check its rights and its disk.`,
          ),
          ...ahead.map((name) => `${name} is dated in the future. It was not counted, and not removed. ${CHECK_CLOCK}`),
          ...lackOfKey(config, manifest),
          ...insideDataFolder(config, to),
        ],
      }
    },
  },
  {
    name: 'verify',
    copiesFiles: true,
    says: 'Check that a backup is complete and undamaged.',
    options: {},
    operands: [{ name: 'backup', says: 'A file, or a backup in storage: s3://bucket/….', isPlace: true }],
    wants: 'nothing',
    run: ({ config, workPlace }, _values, [file = '']) =>
      reading(config, workPlace(), file, async (unpacked, work) => {
        const holdings = await holdingsOf(join(work, DATABASE))
        return {
          json: { ok: !isIncomplete(unpacked), ...unpacked, ...holdings },
          failed: isIncomplete(unpacked),
          lines: [
            `${isIncomplete(unpacked) ? 'The backup is undamaged, but lacks uploaded files.' : 'The backup is whole.'} ${madeBy(unpacked.manifest)}`,
            `It holds ${counted(holdings.users, 'person', 'people')}, ${counted(holdings.trips, 'trip')} and ` +
              `${uploadedFiles(unpacked.files)} (${sized(unpacked.filesSize)}); last change ${holdings.changed_at ?? 'never'}.`,
            ...lackOf(unpacked),
          ],
        }
      }),
  },
  {
    name: 'rehearse',
    copiesFiles: true,
    says: 'Test on a copy how a backup restores with this version of TREK. Nothing is changed.',
    options: {},
    operands: [{ name: 'backup', says: 'A file, or a backup in storage: s3://bucket/….', isPlace: true }],
    wants: 'nothing',
    run: ({ config, workPlace }, _values, [file = '']) =>
      reading(config, workPlace(), file, async (unpacked, work) => {
        const copy = join(work, DATABASE)
        const migrations = await withDatabase(copy, async (database) => {
          const pending = await pendingMigrations(database, MIGRATIONS)
          await migrate(database, MIGRATIONS)
          return pending
        })
        const problems = problemsIn(copy)
        const holdings = await holdingsOf(copy)
        const { manifest } = unpacked
        const about = aboutKey(config, manifest.has_key ? { ...manifest, key_fingerprint: null } : manifest)
        return {
          json: {
            ok: !problems.length && !isIncomplete(unpacked),
            ...unpacked,
            ...holdings,
            migrations,
            problems,
            key_fits: !about.length,
          },
          lines: [
            `The backup can be restored. ${madeBy(unpacked.manifest)}`,
            migrations.length
              ? `This version changes its database with ${counted(migrations.length, 'migration')}: ${migrations.join(', ')}.`
              : 'This version leaves its database as it is.',
            ...problems.map((problem) => `After that: ${problem}`),
            `It then holds ${counted(holdings.users, 'person', 'people')} and ${counted(holdings.trips, 'trip')}.`,
            ...lackOf(unpacked),
            ...about,
          ],
          failed: problems.length > 0 || isIncomplete(unpacked),
        }
      }),
  },
  {
    name: 'restore',
    copiesFiles: true,
    says: 'Restore a backup while no server runs.',
    options: { replace: { says: 'Replace the existing instance, which is kept in DATA_DIR.' } },
    operands: [{ name: 'backup', says: 'A file, or a backup in storage: s3://bucket/….', isPlace: true }],
    wants: 'folder',
    async run({ config }, values, [file = '']) {
      const wanted = { seal: sealOf(config), replace: values.replace === true }
      refuseInWork(config, file)
      const restored = await restore(config, file, wanted).catch(explained(config))
      return {
        json: { restored },
        failed: restored.missing.length > 0,
        lines: [
          `The backup is in place in ${config.dataDir}, with ${uploadedFiles(restored.files)}. ${madeBy(restored.manifest)}`,
          ...(restored.missing.length
            ? [
                `Missing or damaged, although rows refer to them: ${namedFiles(restored.missing)}. Put them back from another backup, or delete them in TREK.`,
              ]
            : []),
          ...(restored.kept.length
            ? [`The replaced data is kept in ${restored.kept.join(' and ')}. Delete it when you no longer need it.`]
            : []),
          ...aboutKey(config, restored.manifest),
          'Everybody has to log in again. Passwords, API tokens, connected apps and share links are as they were when the backup was made: ' +
            'change or revoke again what was changed or revoked since.',
          'Start the server. Open pages reload everything.',
        ],
      }
    },
  },
  {
    name: 'move',
    copiesFiles: true,
    says: 'Move all rows to PostgreSQL, or back to a SQLite file, while no server runs.',
    more: ['Uploaded files stay where they are.'],
    options: {
      to: {
        value: 'database',
        says: 'postgres://… of an empty database, or sqlite, with DATABASE_URL still set.',
        problem: targetProblem,
        needed: true,
      },
    },
    examples: ['move --to postgres://trek:password@localhost:5432/trek', 'move --to sqlite'],
    async run({ config }, values) {
      const to = needed(values, 'to')
      const moved = await move(config, to)
      return {
        json: { moved },
        lines: [
          `${counted(moved.rows, 'row')} of ${counted(moved.tables, 'table')} were moved and compared.`,
          ...(moved.before ? [`The old file is kept in ${moved.before}. Delete it when you no longer need it.`] : []),
          isPostgres(to)
            ? 'Set DATABASE_URL to that address for every server, then start the servers.'
            : 'Remove DATABASE_URL, then start the server. The rows in PostgreSQL are still there, but no server uses them. Drop that database ' +
              'when you no longer need it.',
        ],
      }
    },
  },
  {
    name: 'encryption-key show',
    says: 'Print the encryption key of this instance, so that you can keep it apart from backups.',
    options: {},
    wants: 'nothing',
    async run({ config, report }) {
      await finishRestore(config)
      const key = keyHere(config)
      const problem = await otherKey(config, report)
      if (problem) throw new CannotBeDone(problem)
      if (!key) {
        throw new CannotBeDone(
          `There is no encryption key yet: the first start of the server creates ${keyFile(config.dataDir)}.`,
        )
      }
      const text = key.toString('hex')
      return { json: { encryption_key: text }, lines: [text] }
    },
  },
]

function keyHere(config: Config): Buffer | null {
  try {
    return keptKey(config)
  } catch (error) {
    throw new CannotBeDone(whyNot(error, config), { cause: error })
  }
}

/** Why the present key is not that of the database, or null. A lost database is no reason to keep the key back. */
async function otherKey(config: Config, report: (what: string) => void): Promise<string | null> {
  try {
    return (await isThere(config))
      ? await withDatabase(config.database, (database) => keyProblem(database, config))
      : null
  } catch (error) {
    report(`The key could not be compared with that of the database. ${whyNot(error, config)}`)
    return null
  }
}
