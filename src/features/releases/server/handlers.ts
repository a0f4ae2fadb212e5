import packageJson from '../../../../package.json' with { type: 'json' }
import type { Releases } from '../../../adapters/releases.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'

const { version } = packageJson

export const handlers = (releases: Releases) =>
  implement(contract, {
    get_version: async () => ({ version }),

    find_newer_release: prepared(contract.find_newer_release, {
      prepare: () => releases.look(),
      handle: async ({ prepared: known }) => ({ version, release: null, problem: null, ...known }),
    }),
  })
