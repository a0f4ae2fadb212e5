import { implement, prepared } from '../../../core/run/feature.ts'
import { refusePrograms } from '../../../identity/server/index.ts'
import * as contract from '../contract/index.ts'
import { download_backup, list_backups, make_backup, preview_backup } from '../contract/index.ts'
import type { Backups } from './backups.ts'

// A disk can be slow, so handlers read it before the transaction.
export const backupsHandlers = (backups: Backups) =>
  implement(contract, {
    list_backups: prepared(list_backups, {
      prepare: () => backups.state(),
      handle: async ({ prepared: state }) => state,
    }),

    make_backup: prepared(make_backup, {
      prepare: (_input, caller) => backups.start(caller),
      handle: async () => ({ running: true }),
    }),

    download_backup: prepared(download_backup, {
      prepare: async ({ name }, caller) => {
        // A backup contains everything that anybody has entered.
        refusePrograms(caller)
        return backups.find(name)
      },
      handle: async ({ prepared: { name } }) => ({
        file: { key: name, name, type: 'application/octet-stream', inline: false },
      }),
    }),

    preview_backup: prepared(preview_backup, {
      prepare: ({ name }) => backups.preview(name),
      handle: async ({ prepared: preview }) => preview,
    }),
  })
