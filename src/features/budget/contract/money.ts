import { z } from 'zod'
import { required, stored } from '../../../core/declare/entity.ts'
import { CalendarDate, Currency, Id } from '../../../core/declare/values.ts'
import { messages } from './messages.ts'

/** How many units of a currency one unit of the trip’s currency is worth. */
export const ExchangeRate = z.number().min(1e-9, { error: messages.moreThanZero.key }).max(1e9)

/** The fields that convert an amount of a row into the currency of the trip, at the rate of the time of writing. */
export const frozenRate = {
  exchange_rate: stored(ExchangeRate.nullable()).describe('Units of the row’s currency for one unit of rate_base.'),
  rate_base: stored(Currency.nullable()),
  rate_date: stored(CalendarDate.nullable()),
  rate_source: stored(z.string().max(100).nullable()),
}

/** A required amount, in the currency of its row. */
export const amountOf = <S extends z.ZodType>(schema: S, says: string) => ({
  ...required(schema).describe(says),
  currency: 'currency',
})

export const howPaid = {
  currency: Currency.nullable().optional().describe('ISO 4217; the trip’s when omitted.'),
  exchange_rate: ExchangeRate.optional().describe(
    'Units of currency for one unit of the trip’s: 160 for JPY on a EUR trip.',
  ),
}

/** An amount in a currency. */
export const Money = z.object({ currency: Currency, amount: z.number() })

/** Present when a share that is ticked as paid may also have been settled. */
export const doubleCountNote = z.string().optional().describe('What to check when the payment may be counted twice.')

/** Rows that no converted figure includes, because there is no exchange rate for them. */
export const Unconverted = Money.extend({
  item_id: Id.optional(),
  settlement_id: Id.optional(),
  name: z.string(),
})
