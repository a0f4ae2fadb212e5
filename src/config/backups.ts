import { z } from 'zod'
import { ageIdentity, ageRecipient, duration, text, wholeNumber } from './values.ts'
import { variable } from './variable.ts'

/** Scheduled backups and their encryption. */
export const BACKUPS = {
  BACKUP_TO: variable({
    type: text,
    mistake: (given) =>
      /^s3:\/\/[^/]*@/.test(given)
        ? 'has a key in its address, which belongs in S3_ACCESS_KEY and S3_SECRET_KEY; remove it from there'
        : null,
    allowed: 'the path of a folder, or an address like s3://bucket/backups',
    description:
      'Where the server writes scheduled backups: a folder, best on another disk, or S3-compatible storage with S3_ACCESS_KEY and the other S3 settings. When not set, there are no scheduled backups; trek backup makes one by hand.',
  }),
  BACKUP_EVERY: variable({
    // The server checks every ten minutes whether one is due.
    type: duration.refine((seconds) => seconds >= 600),
    default: '24h',
    allowed: 'a duration from 10m, like 12h, 24h or 7d',
    description: 'The interval between scheduled backups.',
  }),
  BACKUP_KEEP: variable({
    ...wholeNumber(1, 1000),
    default: '7',
    description:
      'How many of the newest scheduled backups are kept. As many of those made by hand are kept apart from them.',
  }),
  BACKUP_PASSPHRASE: variable({
    type: z.string().min(12).max(200),
    secret: true,
    allowed: '12 to 200 characters',
    description:
      'Encrypts backups, which then contain the encryption key. Keep a copy of it elsewhere: without it nobody can read them.',
  }),
  BACKUP_RECIPIENT: variable({
    type: ageRecipient,
    unrepeated: true,
    inFile: true,
    mistake: (given) =>
      /AGE-SECRET-KEY-/i.test(given)
        ? 'is set to a secret key, which belongs in BACKUP_IDENTITY: BACKUP_RECIPIENT takes the public one (age1…)'
        : null,
    allowed: 'a whole public key of age, like age1…, as age-keygen prints it',
    description:
      'Encrypts backups for the holder of the matching secret key, instead of with BACKUP_PASSPHRASE: a stolen server cannot read them.',
  }),
  BACKUP_IDENTITY: variable({
    type: ageIdentity,
    secret: true,
    hasComments: true,
    allowed: 'a whole secret key of age, like AGE-SECRET-KEY-1…, as age-keygen prints it',
    description:
      'Decrypts backups that were encrypted for BACKUP_RECIPIENT. Needed to verify or restore them, never to make them.',
  }),
}
