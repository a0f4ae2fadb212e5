import { type Feature, feature } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { type Backups, LOOK_SECONDS } from './backups.ts'
import { backupsHandlers } from './handlers.ts'

export { isAhead, isUsable } from './ahead.ts'
export { Backups, unsolved } from './backups.ts'

/** After a start the server answers requests first, then checks whether a backup was missed. */
const FIRST_LOOK_SECONDS = 15

/** Scheduled backups, and the view administrators have of them. */
export const backupsFeature = (backups: Backups): Feature =>
  feature({
    name: 'backups',
    contract,
    handlers: backupsHandlers(backups),
    opens: backups.open,
    jobs: [
      {
        name: 'make backups',
        everySeconds: LOOK_SECONDS,
        firstAfterSeconds: FIRST_LOOK_SECONDS,
        run: () => backups.makeWhenDue(),
      },
    ],
  })
