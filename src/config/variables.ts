import { ASSISTANTS } from './assistants.ts'
import { BACKUPS } from './backups.ts'
import { FILES } from './files.ts'
import { HISTORY } from './history.ts'
import { OBSERVING } from './observing.ts'
import { OTHER_SERVERS } from './other-servers.ts'
import { PEOPLE } from './people.ts'
import { SERVER } from './server.ts'

/**
 * Everything that can be set from outside, in one table: what the server reads, what it checks, and
 * docs/configuration.md all come from here.
 */
export const VARIABLES = {
  ...SERVER,
  ...PEOPLE,
  ...ASSISTANTS,
  ...FILES,
  ...HISTORY,
  ...BACKUPS,
  ...OTHER_SERVERS,
  ...OBSERVING,
}

export type Variables = typeof VARIABLES
export type Name = keyof Variables & string
