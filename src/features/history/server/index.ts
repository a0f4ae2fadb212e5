import { type Feature, feature } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { historyHandlers } from './handlers.ts'
import type { HistoryParts } from './undo.ts'

const HOUR_SECONDS = 3600
/** As long as the bytes of a deleted file are kept in quarantine. */
const SECRETS_KEPT_MS = 30 * 24 * HOUR_SECONDS * 1000

interface Retention {
  /** Deletes the secret columns of rows that were removed before this moment. */
  forgetSecrets(before: string): Promise<void>
}

/** What was changed, and undo. `parts` is called at each request. */
export const historyFeature = (parts: () => HistoryParts, { forgetSecrets }: Retention): Feature =>
  feature({
    name: 'history',
    contract,
    handlers: historyHandlers(parts),
    jobs: [
      {
        name: 'forget secrets of removed rows',
        everySeconds: HOUR_SECONDS,
        byAge: true,
        run: ({ now }) => forgetSecrets(new Date(now.getTime() - SECRETS_KEPT_MS).toISOString()),
      },
    ],
  })
