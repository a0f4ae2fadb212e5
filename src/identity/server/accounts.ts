import type { Tx } from '../../core/data/tx.ts'
import type { Row } from '../../core/declare/entity.ts'
import { Credential, type Role, StaticToken, User, WebSession } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { OAuthClient, OAuthGrant } from '../contract/oauth.ts'
import { anotherAdmin, findTaken } from './store.ts'

/** Account changes by the owner or an administrator; each runs in the transaction of the operation. */
export interface NewAccount {
  readonly username: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly passwordHash: string
}

type UserRow = Row<typeof User>

export async function insertAccount(tx: Tx, account: NewAccount, now: string): Promise<UserRow> {
  const { passwordHash, ...values } = account
  await refuseTaken(tx, account)
  const moments = { created_at: now, updated_at: now }
  const user = await tx.insert(User, { ...values, banned: false, is_guest: false, ...moments })
  await tx.insert(Credential, {
    user_id: user.id,
    provider_id: 'credential',
    account_id: String(user.id),
    password: passwordHash,
    ...moments,
  })
  return user
}

/** Throws if another user has the username or e-mail address. */
export async function refuseTaken(
  tx: Tx,
  names: { username?: string | undefined; email?: string | undefined },
  except?: number,
): Promise<void> {
  const taken = await findTaken(tx, names, except)
  if (!taken) return
  const { username, email } = taken
  throw username === names.username ? messages.usernameTaken({ username }) : messages.emailTaken({ email })
}

/** A user with an account; throws `not_found` otherwise, also for guests. */
export async function findUser(tx: Tx, id: number): Promise<UserRow> {
  const user = await tx.find(User, { id, is_guest: false })
  if (!user) throw messages.userNotFound({ id })
  return user
}

/** Sets a password, also for an account that had none. */
export async function setPassword(tx: Tx, userId: number, passwordHash: string, now: string): Promise<void> {
  const credential = await tx.find(Credential, { user_id: userId, provider_id: 'credential' })
  if (credential) await tx.patch(Credential, credential, { password: passwordHash, updated_at: now })
  else {
    await tx.insert(Credential, {
      user_id: userId,
      provider_id: 'credential',
      account_id: String(userId),
      password: passwordHash,
      created_at: now,
      updated_at: now,
    })
  }
}

/** Ends every web session, static token and grant of a user, except the session `keep`. */
export async function endAccess(tx: Tx, userId: number, keep: string | null = null): Promise<void> {
  for (const session of await tx.list(WebSession, { user_id: userId })) {
    if (`session:${session.id}` !== keep) await tx.remove(WebSession, session)
  }
  for (const token of await tx.list(StaticToken, { user_id: userId })) await tx.remove(StaticToken, token)
  for (const grant of await tx.list(OAuthGrant, { user_id: userId })) await tx.remove(OAuthGrant, grant)
}

/** Throws if the change would leave the instance without an administrator. */
export async function refuseLastAdmin(tx: Tx, user: UserRow): Promise<void> {
  if (user.role !== 'admin' || user.banned || (await anotherAdmin(tx, user.id))) return
  throw messages.lastAdmin({ username: user.username })
}

/** Removes the account itself. Features must have removed the user's data before. */
export async function removeAccount(tx: Tx, user: UserRow): Promise<void> {
  await endAccess(tx, user.id)
  for (const client of await tx.list(OAuthClient, { user_id: user.id })) await tx.remove(OAuthClient, client)
  for (const credential of await tx.list(Credential, { user_id: user.id })) await tx.remove(Credential, credential)
  await tx.remove(User, user)
}
