import { z } from 'zod'
import { Currency } from '../../../core/declare/values.ts'
import { sharedSection, shareOption } from '../../sharing/contract/shared-section.ts'
import { budget } from './index.ts'

const Money = z.object({ currency: Currency, amount: z.number() })

export const shareBudget = shareOption({
  name: 'share_budget',
  order: 40,
  usual: false,
  says: 'Show the total cost.',
  addon: budget,
})

export const sharedBudget = sharedSection({
  name: 'budget',
  order: 90,
  option: shareBudget,
  shape: z.object({
    currency: Currency,
    total: z.number().describe('In the trip’s currency, excluding amounts without an exchange rate.'),
    unconverted: z.array(Money),
    categories: z.array(
      z.object({
        category: z.string(),
        total: z.number(),
        totals: z.array(Money).describe('Amounts as entered, by currency.'),
      }),
    ),
  }),
})
