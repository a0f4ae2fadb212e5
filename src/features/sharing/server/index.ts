import type { ExternalServices } from '../../../adapters/external-services.ts'
import { type Feature, feature, instruction, onHook, rows } from '../../../core/run/feature.ts'
import { userDeleted } from '../../../identity/server/index.ts'
import { tripDeleted } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { sharingHandlers } from './handlers.ts'
import { findLink, listLinksMadeBy, patchLink, removeLink } from './store.ts'
import { ShareTokens } from './tokens.ts'

/** Links that show a trip to people without an account. Features provide the content in answer to `tripShared`. */
export const sharing = (services: ExternalServices): Feature =>
  feature({
    name: 'sharing',
    contract,
    handlers: sharingHandlers(new ShareTokens(services.secretFor('share links')), services.addressOf),
    instructions: [
      instruction(
        'care',
        'Ask before you make a share link: it shows the trip to whoever has it.',
        contract.create_share_link,
      ),
    ],
    entities: [rows(contract.ShareLink)],
    listeners: [
      onHook(tripDeleted, async ({ tx }, { tripId }) => {
        const link = await findLink(tx, tripId)
        if (link) await removeLink(tx, link)
      }),
      onHook(userDeleted, async ({ tx }, { userId }) => {
        for (const link of await listLinksMadeBy(tx, userId)) await patchLink(tx, link, { created_by: null })
      }),
    ],
  })
