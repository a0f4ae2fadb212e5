import { randomBytes } from 'node:crypto'
import { newCommit } from '../../core/data/commit.ts'
import type { Database } from '../../core/data/database.ts'
import { INSTANCE } from '../../core/data/space.ts'
import { messageOfIssue } from '../../core/declare/wording.ts'
import { User } from '../contract/index.ts'
import { NewPassword } from '../contract/passwords.ts'
import { insertAccount } from './accounts.ts'
import type { Passwords } from './passwords.ts'

export interface FirstAdmin {
  readonly username: string
  readonly email: string
  /** Set if it was generated, to be shown once. */
  readonly password: string | null
}

export interface FirstAdminOptions {
  readonly adminEmail: string
  readonly adminPassword: string | null
  readonly passwords: Passwords
}

/** Creates an administrator if there is none; null otherwise. */
export async function ensureFirstAdmin(database: Database, options: FirstAdminOptions): Promise<FirstAdmin | null> {
  const { adminEmail: email, adminPassword, passwords } = options
  if (await hasAdmin(database)) return null
  const password = adminPassword ?? randomBytes(12).toString('base64url')
  const checked = NewPassword.safeParse(password, { reportInput: true })
  const [wrong] = checked.error?.issues ?? []
  if (wrong) throw new Error(`ADMIN_PASSWORD ${messageOfIssue(wrong).text}.`)
  const passwordHash = await passwords.hash(password)
  const now = new Date().toISOString()
  const isCreated = await database.write(INSTANCE, async (tx) => {
    if (await tx.count(User, { role: 'admin' })) return false
    const account = { username: 'admin', email, name: 'Administrator', role: 'admin', passwordHash } as const
    await insertAccount(tx, account, now)
    const author = { user_id: 0, name: '', way: 'cli', client: null, grant: null, operation: 'first_start' } as const
    await tx.writeLog(author, newCommit(INSTANCE))
    return true
  })
  return isCreated ? { username: 'admin', email, password: adminPassword ? null : password } : null
}

const hasAdmin = (database: Database): Promise<boolean> =>
  database.read(async (tx) => (await tx.count(User, { role: 'admin' })) > 0)
