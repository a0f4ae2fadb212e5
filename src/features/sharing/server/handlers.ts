import type { ExternalServices } from '../../../adapters/external-services.ts'
import type { ReadTx } from '../../../core/data/tx.ts'
import { type Call, implement } from '../../../core/run/feature.ts'
import { missingScope } from '../../../core/run/rights.ts'
import { getTrip, membersOf } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { SECTIONS } from '../contract/shared.generated.ts'
import type { ShareOption } from '../contract/shared-section.ts'
import { tripShared } from './hooks.ts'
import { initialsOf } from './initials.ts'
import * as store from './store.ts'
import { hashOf, type ShareTokens } from './tokens.ts'

const DAY = 86_400_000
const USUAL_DAYS = 90

export const sharingHandlers = (tokens: ShareTokens, addressOf: ExternalServices['addressOf']) => {
  const linkFor = (token: string) => {
    const url = addressOf(`/shared/${token}`)
    return { token, url, note: url === null ? messages.addressUnknown().text : null }
  }
  const linkView = (link: contract.ShareLinkRow, token: string, now: string): contract.Link => ({
    ...link,
    ...linkFor(token),
    expired: link.expires_at <= now,
  })

  /** The token of a trip’s link; null without a link, or if the secret of the instance has changed since. */
  async function tokenOf(tx: ReadTx, tripId: number): Promise<string | null> {
    const seal = await store.findSeal(tx, tripId)
    const token = seal && tokens.tokenOf(seal)
    return token && hashOf(token) === seal.token_hash ? token : null
  }

  return implement(contract, {
    get_share_link: async (call) => {
      const { tx, input, now } = call
      const link = await store.findLink(tx, input.tripId)
      const token = await tokenOf(tx, input.tripId)
      if (!link || !token) return { link: null }
      await refuseMoreThanRead(call, link)
      return { link: linkView(link, token, now) }
    },

    create_share_link: async (call) => {
      const { tx, input, caller, now } = call
      const { tripId, expires_in_days, linkId, ...shows } = input
      const ends = (days: number) => new Date(Date.parse(now) + days * DAY).toISOString()
      const existing = await store.findLink(tx, tripId)
      const token = await tokenOf(tx, tripId)
      if (linkId !== undefined && existing?.id !== linkId) throw messages.linkEnded()
      if (existing && token && existing.expires_at > now) {
        const link = await store.patchLink(tx, existing, {
          ...shows,
          expires_at: expires_in_days === undefined ? undefined : ends(expires_in_days),
        })
        await refuseMoreThanRead(call, link)
        return { ...linkFor(token), created: false, link: linkView(link, token, now) }
      }
      // A new token, so that people who had the expired link do not get in again.
      const { token: fresh, ...sealed } = tokens.mint(tripId)
      const values = {
        ...shows,
        ...sealed,
        created_by: caller.userId,
        created_at: now,
        expires_at: ends(expires_in_days ?? USUAL_DAYS),
      }
      const link = existing
        ? await store.patchLink(tx, existing, values)
        : await store.insertLink(tx, { ...values, trip_id: tripId })
      await refuseMoreThanRead(call, link)
      return { ...linkFor(fresh), created: true, link: linkView(link, fresh, now) }
    },

    delete_share_link: async ({ tx, input: { tripId } }) => {
      const link = await store.findLink(tx, tripId)
      if (!link) throw messages.noLink()
      await store.removeLink(tx, link)
      return { success: true }
    },

    get_shared_trip: async ({ tx, input: { token }, emit, now }) => {
      const share = await store.findByHash(tx, hashOf(token))
      const link = share && (await store.findLink(tx, share.trip_id))
      if (!link || !tokens.opens(token, share) || link.expires_at <= now) {
        throw messages.nothingToSee()
      }
      const { trip_id: tripId, expires_at } = link
      const visible = (await emit(tripShared, { tripId, shows: shownBy(link) })).filter((section) => section !== null)
      const sections: Record<string, unknown> = {}
      for (const { name, value } of visible) sections[name] = await value()
      const { owner, members } = await membersOf(tx, tripId)
      // Reduces the answers of features to what is declared, so that nothing else gets out.
      return contract.PublicTrip.parse({
        ...NOTHING,
        ...sections,
        trip: await getTrip(tx, tripId),
        travellers: [owner, ...members].map(({ name }) => initialsOf(name)),
        expires_at,
      })
    },
  })
}

const shownBy =
  (link: contract.ShareLinkRow) =>
  ({ name }: ShareOption): boolean =>
    link[name as contract.ShareOptionName]

/** A link shows its content to everybody who has it, so only a caller who may read all of that content gets it. */
async function refuseMoreThanRead(
  { emit, caller, input: { tripId } }: Pick<Call<{ tripId: number }, unknown, ReadTx>, 'emit' | 'caller' | 'input'>,
  link: contract.ShareLinkRow,
): Promise<void> {
  const needs = new Map<string, string>()
  for (const section of await emit(tripShared, { tripId, shows: shownBy(link) })) {
    const missing = section && missingScope(section.reads, caller)
    if (missing) needs.set(section.option.name, missing)
  }
  const [scope] = needs.values()
  if (scope === undefined) return
  const params = {
    needs: [...needs].map(([option, scope]) => messages.needs({ option, scope })),
    without: [...needs.keys()].map((option) => messages.without({ option })),
  }
  throw messages.showsMore(params, { details: { scope, scopes: [...new Set(needs.values())] } })
}

const NOTHING = Object.fromEntries(Object.keys(SECTIONS).map((name) => [name, null]))
