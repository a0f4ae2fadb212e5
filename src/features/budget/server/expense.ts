import { fromMinorUnits, toMinorUnits } from '../../../core/data/storage.ts'
import type { ReadTx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { membersOf } from '../../trips/server/index.ts'
import type { Bearer, BudgetItemRow, Payer } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

/** The money of an expense: these four fields are always consistent. */
export type Expense = Pick<BudgetItemRow, 'total_price' | 'currency' | 'payers' | 'members'>

export interface MoneyInput {
  readonly total_price?: number | undefined
  readonly currency?: string | undefined
  readonly payers?: readonly Payer[] | undefined
  readonly member_ids?: readonly number[] | undefined
  readonly shares?: readonly { user_id: number; amount?: number | undefined; weight?: number | undefined }[] | undefined
}

/** The people the costs of a trip can name: its members, and everybody named before. */
export interface Participants {
  readonly ids: readonly number[]
  /** Fails unless each id is one of them and occurs once. */
  check(path: string, ids: readonly number[]): void
}

export async function participantsOf(
  tx: ReadTx,
  tripId: number,
  before: readonly number[] = [],
): Promise<Participants> {
  const { owner, members } = await membersOf(tx, tripId)
  const people = [owner, ...members]
  const allowed = new Set([...people.map(({ user_id }) => user_id), ...before])
  return {
    ids: people.map(({ user_id }) => user_id).sort((a, b) => a - b),
    check(path, ids) {
      const strangers = ids.filter((id) => !allowed.has(id))
      if (strangers.length) {
        const members = people.map(({ user_id: id, name }) => messages.person({ id, name }))
        throw invalidField(path, messages.notInTrip({ people: members }))
      }
      if (new Set(ids).size !== ids.length) throw invalidField(path, messages.namedTwice())
    },
  }
}

/** Everybody an expense names. */
export const namedIn = ({ payers, members }: Pick<Expense, 'payers' | 'members'>): number[] =>
  [...payers, ...members].map(({ user_id }) => user_id)

/** The money of an expense after a change, complete and consistent, or `invalid` with what does not fit. */
export function expenseAfter(
  before: Expense | null,
  input: MoneyInput,
  currency: string,
  participants: Participants,
): Expense {
  const asEntered = exactly(input.total_price ?? before?.total_price ?? 0, currency, 'total_price')
  const isTotalGiven = input.total_price !== undefined
  const payers = input.payers
    ? checkedPayers(input.payers, currency, participants)
    : sameMoney(before?.payers ?? [], currency, 'payers')
  const { total_price, payers: paid } = totalAfter(
    { total: asEntered, isTotalGiven },
    payers,
    Boolean(input.payers),
    currency,
  )
  return {
    total_price,
    currency,
    payers: paid,
    members: bearersAfter(before, input, total_price, currency, participants),
  }
}

/** What each person has paid in all, without zeros. */
function checkedPayers(payers: readonly Payer[], currency: string, participants: Participants): Payer[] {
  participants.check(
    'payers',
    payers.map(({ user_id }) => user_id),
  )
  return sameMoney(payers, currency, 'payers')
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => a.user_id - b.user_id)
}

const sameMoney = (payers: readonly Payer[], currency: string, path: string): Payer[] =>
  payers.map(({ user_id, amount }) => ({ user_id, amount: exactly(amount, currency, path) }))

/** The amount as stored; refused if the currency has fewer decimals. */
const exactly = (amount: number, currency: string, path: string): number =>
  fromMinorUnits(toMinorUnits(amount, currency, path), currency)

/** The exact sum of amounts in one currency. */
export const sumOf = (amounts: readonly number[], currency: string): number =>
  fromMinorUnits(
    amounts.reduce((sum, amount) => sum + toMinorUnits(amount, currency), 0),
    currency,
  )

/** The total and the payers: a missing total is the sum of the payments; a single payer has paid a new total. */
function totalAfter(
  { total, isTotalGiven }: { total: number; isTotalGiven: boolean },
  payers: Payer[],
  arePayersGiven: boolean,
  currency: string,
): Pick<Expense, 'total_price' | 'payers'> {
  if (!payers.length) return { total_price: total, payers }
  const paid = sumOf(
    payers.map(({ amount }) => amount),
    currency,
  )
  if (paid === total || (arePayersGiven && !isTotalGiven)) return { total_price: paid, payers }
  const [only, ...others] = payers
  if (only && !others.length && !arePayersGiven) {
    return { total_price: total, payers: total > 0 ? [{ ...only, amount: total }] : [] }
  }
  throw invalidField('total_price', messages.totalIsNotPaid({ total, paid, currency }))
}

function bearersAfter(
  before: Expense | null,
  { member_ids, shares }: MoneyInput,
  total: number,
  currency: string,
  participants: Participants,
): Bearer[] {
  if (member_ids && shares) throw invalidField('shares', messages.sharesOrMembers())
  const ticked = new Set(before?.members.filter(({ paid }) => paid).map(({ user_id }) => user_id))
  const bearer = (user_id: number, amount: number | null, weight: number | null): Bearer => ({
    user_id,
    amount,
    weight,
    paid: ticked.has(user_id),
  })
  if (shares) {
    participants.check(
      'shares',
      shares.map(({ user_id }) => user_id),
    )
    const exact = shares.every(({ amount, weight }) => amount !== undefined && weight === undefined)
    if (!exact && !shares.every(({ amount, weight }) => amount === undefined && weight !== undefined)) {
      throw invalidField('shares', messages.amountsOrWeights())
    }
    const bearers = shares.map(({ user_id, amount, weight }) => bearer(user_id, amount ?? null, weight ?? null))
    return fitting(bearers, total, currency)
  }
  if (member_ids) {
    const ids = [...new Set(member_ids)]
    participants.check('member_ids', ids)
    return ids.sort((a, b) => a - b).map((id) => bearer(id, null, null))
  }
  if (!before) return participants.ids.map((id) => bearer(id, null, null))
  return fitting(before.members, total, currency)
}

/** The bearers in order, or `invalid` if exact shares do not add up to the total. */
function fitting(bearers: readonly Bearer[], total: number, currency: string): Bearer[] {
  const exact = bearers.some(({ amount }) => amount !== null)
  const stored = bearers.map((one) => ({
    ...one,
    amount: one.amount === null ? null : exactly(one.amount, currency, 'shares'),
  }))
  if (exact) {
    const sum = sumOf(
      stored.map(({ amount }) => amount ?? 0),
      currency,
    )
    if (sum !== total) throw invalidField('shares', messages.sharesDiffer({ sum, total, currency }))
  }
  return stored.sort((a, b) => a.user_id - b.user_id)
}
