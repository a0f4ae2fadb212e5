import { z } from 'zod'
import { administration, Download, operation } from '../../../core/declare/operation.ts'
import { DELETED_KEPT_DAYS } from '../../../core/declare/retention.ts'
import { Instant, Line } from '../../../core/declare/values.ts'

const forAdmins = { scope: null, permission: administration, expose: ['rest'] } as const

const inBackup = z.object({ name: Line(100).describe('Backup name, from list_backups.') })

const Holdings = z.object({
  users: z.int(),
  trips: z.int(),
  files: z.int().describe(`Number of uploaded files, including those deleted in the last ${DELETED_KEPT_DAYS} days.`),
  changed_at: Instant.nullable().describe('Time of the last change; null if there was none.'),
})

const settings = z
  .array(z.string())
  .describe(
    'Environment variables of the server that the command also needs. It does not contain them, since they may be secret.',
  )

const Typed = z.object({ command: z.string(), settings })

export const list_backups = operation({
  ...forAdmins,
  name: 'list_backups',
  title: 'List backups',
  description: 'The backups in the backup folder of this server, newest first, and how the last one went.',
  effect: 'read',
  route: 'GET /admin/backups',
  input: z.object({}),
  output: z.object({
    folder: z.string().nullable().describe('The folder for backups (BACKUP_TO); null when none is set.'),
    problem: z.string().nullable().describe('Why the folder cannot be written to, as a sentence; null when it can.'),
    every_seconds: z.int().describe('Time between two backups, in seconds (BACKUP_EVERY).'),
    keep: z
      .int()
      .describe(
        'How many of the newest scheduled backups are kept, and separately of those made by hand (BACKUP_KEEP).',
      ),
    encrypted: z.boolean().describe('Whether new backups are encrypted and contain the encryption key.'),
    backups: z.array(
      z.object({
        name: z.string(),
        size: z.int().describe('Size in bytes.'),
        made_at: Instant,
        encrypted: z.boolean(),
        by_hand: z
          .boolean()
          .describe('Whether a person asked for it. Those made by hand are counted apart from scheduled ones.'),
        damaged: z
          .boolean()
          .describe('Whether the file is empty, cut off, or no backup. It then does not count, and is never removed.'),
        unread: z
          .boolean()
          .describe('Whether it could not be read just now. It then does not count, and is never removed.'),
      }),
    ),
    running: z.boolean().describe('Whether a backup is running.'),
    started_at: Instant.nullable().describe('When the running backup started; null when none is running.'),
    progress: z
      .object({
        step: z
          .enum(['copying', 'packing', 'storing'])
          .describe('Copying the database, packing everything, or waiting until the folder has stored it.'),
        done_bytes: z.int().describe('How many bytes have been packed, before compression.'),
        total_bytes: z.int().describe('About how many bytes are packed in all; 0 while that is unknown.'),
      })
      .nullable()
      .describe('How far the running backup is; null when none is running, or when that is unknown.'),
    cut_off_at: Instant.nullable().describe(
      'When the last backup started, if its server stopped before it was complete; null once another was made.',
    ),
    last_failure: z
      .object({
        at: Instant,
        reason: z.string(),
        made: z
          .boolean()
          .describe('Whether the backup was made anyway: older ones could not be removed, or it lacks files.'),
      })
      .nullable()
      .describe('What went wrong with the last backup; null when nothing did or it is resolved.'),
    to_make: Typed.describe('The command to type on the server to make a backup.'),
    to_show_key: Typed.describe('The command to type on the server to print the encryption key.'),
  }),
})

export const make_backup = operation({
  ...forAdmins,
  name: 'make_backup',
  title: 'Make a backup',
  description: 'Start a backup of everything. It continues after the answer; list_backups says when it is done.',
  effect: 'create',
  route: 'POST /admin/backups',
  input: z.object({}),
  output: z.object({ running: z.boolean().describe('Whether the backup is running.') }),
})

export const download_backup = operation({
  ...forAdmins,
  name: 'download_backup',
  title: 'Download a backup',
  description:
    'The file of a backup, with everything that people entered and uploaded. Only for a person who is logged in.',
  effect: 'read',
  route: 'GET /admin/backups/:name/content',
  download: true,
  subject: 'name',
  input: inBackup,
  output: z.object({ file: Download }),
})

export const preview_backup = operation({
  ...forAdmins,
  name: 'preview_backup',
  title: 'Preview a restore',
  description: 'Read a whole backup and report what restoring it would change. Changes nothing.',
  effect: 'read',
  route: 'GET /admin/backups/:name/preview',
  input: inBackup,
  output: z.object({
    made_at: Instant,
    version: z.string().describe('Version of TREK that made it.'),
    files: z.int().describe('Number of uploaded files in it.'),
    has_files: z.boolean().describe('Whether it includes the uploaded files.'),
    missing_files: z.int().describe('Number of files that it refers to but does not contain.'),
    backup: Holdings.describe('What the backup contains.'),
    now: Holdings.describe('What this server contains now.'),
    key_fits: z.boolean().describe('Whether the encryption key that it needs is in the backup or on this server.'),
    migrations: z
      .array(z.string())
      .describe('Names of the migrations that this version of TREK then applies to its database.'),
    problems: z.array(z.string()).describe('Problems found in its database after these migrations.'),
    command: z.string().describe('The command to type on the server to restore it, while TREK is stopped.'),
    settings,
  }),
})
