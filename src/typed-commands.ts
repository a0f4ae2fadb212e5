import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Config } from './config/index.ts'
import { isPostgres } from './db/connect.ts'

/** A command to type on this server's machine. */
export interface TypedCommand {
  readonly command: string
  /** Variables that it needs but omits, since they may be secret. */
  readonly settings: string[]
}

export interface TypedCommands {
  backup(): TypedCommand
  restore(backup: string): TypedCommand
  showKey(): TypedCommand
}

type Settings = Pick<
  Config,
  | 'dataDir'
  | 'database'
  | 'filesUrl'
  | 'backupTo'
  | 'encryptionKey'
  | 'backupPassphrase'
  | 'backupRecipient'
  | 'backupIdentity'
  | 's3Endpoint'
  | 's3PathStyle'
  | 's3Region'
  | 's3AccessKey'
  | 's3SecretKey'
>

/** Commands for this server's instance that work in any folder. `entry` is the file of the command line. */
export function typedCommandsFor(config: Settings, entry: string): TypedCommands {
  const trek = isCheckout(entry) ? 'npm run -s trek --' : 'npx trek'
  const isDefault = config.dataDir === resolve('data')
  const words = `${isDefault ? '' : `DATA_DIR=${forShell(config.dataDir)} `}${trek}`
  const keys = named({ ENCRYPTION_KEY: config.encryptionKey })
  const ofInstance = [
    ...named({ DATABASE_URL: isPostgres(config.database), FILES_URL: config.filesUrl }),
    ...(config.filesUrl || config.backupTo?.startsWith('s3://')
      ? named({
          S3_ENDPOINT: config.s3Endpoint,
          S3_REGION: config.s3Region !== 'us-east-1',
          S3_PATH_STYLE: config.s3PathStyle !== null,
          S3_ACCESS_KEY: config.s3AccessKey,
          S3_SECRET_KEY: config.s3SecretKey,
        })
      : []),
    ...keys,
  ]
  const { backupPassphrase: BACKUP_PASSPHRASE, backupRecipient, backupIdentity } = config
  return {
    backup: () => ({
      command: `${words} backup ${forShell(config.backupTo ?? '/mnt/other-disk/backups')}/`,
      settings: [...ofInstance, ...named({ BACKUP_PASSPHRASE, BACKUP_RECIPIENT: backupRecipient })],
    }),
    restore: (backup) => ({
      command: `${words} restore ${forShell(backup)} --replace`,
      settings: [...ofInstance, ...named({ BACKUP_PASSPHRASE, BACKUP_IDENTITY: backupIdentity })],
    }),
    showKey: () => ({ command: `${words} encryption-key show`, settings: keys }),
  }
}

/** Releases do not contain the build script of a checkout. */
const isCheckout = (entry: string): boolean =>
  ['..', '../..'].some((up) => existsSync(join(dirname(entry), up, 'scripts/build.ts')))

const named = (settings: Record<string, unknown>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => (value ? [name] : []))

const forShell = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
