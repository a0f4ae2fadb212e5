import type { Caller } from '../core/data/space.ts'
import type { OpenDatabase } from '../db/connect.ts'
import type { Person } from '../identity/contract/person.ts'
import { findPersonByIdentifier } from '../identity/server/people/store.ts'
import { messages } from './messages.ts'

/** A shell on the machine has the rights of an administrator. The log names no account for it. */
export const commandLine: Caller = {
  userId: 0,
  name: 'command line',
  admin: true,
  way: 'cli',
  client: null,
  grant: null,
  scopes: 'all',
  readOnly: null,
}

/** The command line acting for a user, with the rights of that user. */
export const actingFor = (userId: number, name: string): Caller => ({ ...commandLine, userId, name, admin: false })

export async function personNamed(database: OpenDatabase, identifier: string): Promise<Person> {
  const person = await database.read((tx) => findPersonByIdentifier(tx, identifier))
  if (!person) throw messages.noUser({ identifier })
  return person
}
