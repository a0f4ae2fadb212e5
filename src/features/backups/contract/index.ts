import { z } from 'zod'
import { administration, Download, operation } from '../../../core/declare/operation.ts'
import { Instant, Line } from '../../../core/declare/values.ts'

const forAdmins = { scope: null, permission: administration, expose: ['rest'] } as const

const inBackup = z.object({ name: Line(100).describe('A backup of list_backups.') })

const Holdings = z.object({
  users: z.int(),
  trips: z.int(),
  files: z.int().describe('How many uploaded files, with those that were deleted in the last 30 days.'),
  changed_at: Instant.nullable().describe('When something was changed last; null where nothing ever was.'),
})

const settings = z
  .array(z.string())
  .describe('Variables of the server that it needs as well; they are not in it, since they may be secret.')

const Typed = z.object({ command: z.string(), settings })

export const list_backups = operation({
  ...forAdmins,
  name: 'list_backups',
  title: 'List backups',
  description: 'The backups in the folder that this server makes them in, the newest first, and how the last one went.',
  effect: 'read',
  route: 'GET /admin/backups',
  input: z.object({}),
  output: z.object({
    folder: z.string().nullable().describe('The folder that backups are made in; null where none is set (BACKUP_TO).'),
    problem: z.string().nullable().describe('Why nothing can be written there, as a sentence; null where it can.'),
    every_seconds: z.int().describe('How often the server makes one (BACKUP_EVERY).'),
    keep: z.int().describe('How many of them are kept, the newest ones (BACKUP_KEEP).'),
    encrypted: z.boolean().describe('Whether those that are made now are encrypted, and hold the encryption key.'),
    backups: z.array(
      z.object({
        name: z.string(),
        size: z.int().describe('In bytes.'),
        made_at: Instant,
        encrypted: z.boolean(),
        damaged: z.boolean().describe('Whether nothing is in it. It then does not count as the last one.'),
      }),
    ),
    running: z.boolean().describe('Whether one is being made just now.'),
    started_at: Instant.nullable().describe('When the one that is being made was begun.'),
    cut_off_at: Instant.nullable().describe(
      'When the last one was begun, where its server ended before it was done; null where one was made since.',
    ),
    last_failure: z
      .object({
        at: Instant,
        reason: z.string(),
        made: z
          .boolean()
          .describe('Whether the backup was made all the same: older ones could not be removed, or it lacks files.'),
      })
      .nullable()
      .describe('What went wrong with the last one; null where nothing did, or where it is solved.'),
    to_make: Typed.describe('What makes one, typed on the server.'),
    to_show_key: Typed.describe('What prints the encryption key, typed on the server.'),
  }),
})

export const make_backup = operation({
  ...forAdmins,
  name: 'make_backup',
  title: 'Make a backup',
  description: 'Begin a backup of everything now. It goes on after the answer; list_backups says when it is done.',
  effect: 'create',
  route: 'POST /admin/backups',
  input: z.object({}),
  output: z.object({ running: z.boolean().describe('Whether it is being made now.') }),
})

export const download_backup = operation({
  ...forAdmins,
  name: 'download_backup',
  title: 'Download a backup',
  description:
    'The file of a backup, with all that people have entered and uploaded. Only for a person who is logged in.',
  effect: 'read',
  route: 'GET /admin/backups/:name/content',
  download: true,
  input: inBackup,
  output: z.object({ file: Download }),
})

export const preview_backup = operation({
  ...forAdmins,
  name: 'preview_backup',
  title: 'Preview a restore',
  description: 'Read a backup to its end and say what restoring it would change. Nothing is changed.',
  effect: 'read',
  route: 'GET /admin/backups/:name/preview',
  input: inBackup,
  output: z.object({
    made_at: Instant,
    version: z.string().describe('Of the TREK that made it.'),
    files: z.int().describe('How many uploaded files are in it.'),
    has_files: z.boolean().describe('Whether it was made with the uploaded files.'),
    missing_files: z.int().describe('How many files that it names are not in it.'),
    backup: Holdings.describe('What is in the backup.'),
    now: Holdings.describe('What is here now.'),
    key_fits: z.boolean().describe('Whether the encryption key that it needs is in it or here.'),
    migrations: z.array(z.string()).describe('What this version of TREK then changes in its database.'),
    problems: z.array(z.string()).describe('What is wrong with its database after that.'),
    command: z.string().describe('What restores it, typed on the server while TREK is stopped.'),
    settings,
  }),
})
