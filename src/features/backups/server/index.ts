import { type Feature, feature } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { type Backups, LOOK_SECONDS } from './backups.ts'
import { backupsHandlers } from './handlers.ts'

export { Backups, unsolved } from './backups.ts'

/** After a start the server answers first; then it is looked whether the last backup was missed. */
const FIRST_LOOK_SECONDS = 15

/** Backups by the clock, and what administrators see of them. */
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
