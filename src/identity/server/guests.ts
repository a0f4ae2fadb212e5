import { randomBytes } from 'node:crypto'
import type { WriteTx } from '../../core/data/database.ts'
import type { Tx } from '../../core/data/tx.ts'
import type { Row } from '../../core/declare/entity.ts'
import { User } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

type UserRow = Row<typeof User>

/**
 * Guests are people without an account for whom others plan. They are users, so that everything that names a person can
 * name them. Without a credential they cannot log in, and queries about accounts exclude them.
 */
export async function insertGuest(tx: Tx, name: string, now: string): Promise<UserRow> {
  return tx.insert(User, guest(name, now))
}

/** Puts a deleted account back as a guest without a name, for as long as restored rows name it. */
export const standIn = (tx: WriteTx, id: number, now: string): Promise<UserRow> =>
  tx.revive(User, { ...guest('', now), id, image: null }, { email_verified: 0 })

function guest(name: string, now: string) {
  const username = `guest-${randomBytes(16).toString('hex')}`
  return {
    username,
    name,
    // The top-level domain `invalid` receives no mail (RFC 2606).
    email: `${username}@guests.invalid`,
    role: 'user' as const,
    banned: false,
    is_guest: true,
    created_at: now,
    updated_at: now,
  }
}

async function findGuest(tx: Tx, id: number): Promise<UserRow> {
  const guest = await tx.find(User, { id, is_guest: true })
  if (!guest) throw messages.guestNotFound({ id })
  return guest
}

export async function renameGuest(tx: Tx, id: number, name: string, now: string): Promise<UserRow> {
  return tx.patch(User, await findGuest(tx, id), { name, updated_at: now })
}

/** Removes the guest itself. Features must have removed their data before. */
export const removeGuest = async (tx: Tx, id: number): Promise<void> => tx.remove(User, await findGuest(tx, id))
