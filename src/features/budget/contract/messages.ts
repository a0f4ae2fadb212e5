import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('budget', {
  expenseNotFound: {
    code: 'not_found',
    text: 'Expense {{id}} is not in this trip',
    hint: 'Take the id of an expense from get_trip_summary.',
  },
  paymentNotFound: {
    code: 'not_found',
    text: 'Payment {{id}} is not in this trip',
    hint: 'Take the id of a payment from list_settlements.',
  },
  bearerNotFound: {
    code: 'not_found',
    text: 'Nobody with user_id {{id}} shares this expense',
    hint: 'Use the user_id of a traveller who shares it: {{bearers}}.',
  },
  nobodyBears: {
    code: 'not_found',
    text: 'Nobody shares this expense',
    hint: 'Name travellers with member_ids first.',
  },
  categoryNotFound: {
    code: 'not_found',
    text: 'No expense of this trip has the category {{category}}: somebody has renamed it, or its expenses are gone',
    hint: 'Take the category from get_trip_summary.',
  },
  noSuchCategory: {
    text: 'must be a category of these expenses, and {{category}} is none',
    hint: 'Use one of {{categories}}.',
  },

  notInTrip: {
    text: 'must be travellers of this trip: {{people}}',
    hint: 'Take user_ids from list_trip_members.',
  },
  person: { text: '{{id}} ({{name}})' },
  namedTwice: { text: 'names somebody twice' },
  samePerson: { text: 'must be another traveller than from_user_id' },

  totalIsNotPaid: {
    text: 'is {{total}} {{currency}}, but payers have paid {{paid}} {{currency}} in all',
    hint: 'Give payers whose amounts add up to total_price. Record an amount that nobody has paid yet as another expense.',
  },
  sharesOrMembers: { text: 'cannot be given together with member_ids: leave out one of them' },
  amountsOrWeights: { text: 'must have an amount for each traveller, or a weight for each' },
  sharesDiffer: {
    text: 'must add up to the total of {{total}} {{currency}}, and add up to {{sum}} {{currency}}',
    hint: 'Give shares that add up to the total, or member_ids to share it equally.',
  },

  noShares: { text: 'must have an entry for at least one traveller' },
  moreThanZero: { text: 'must be more than 0' },
  sameCurrency: {
    text: 'is allowed only for a currency other than {{currency}}, which is the currency of the trip',
    hint: 'Leave exchange_rate out.',
  },
  noRate: { text: 'cannot be {{to}}: there is no exchange rate from {{from}} to {{to}}', hint: 'Leave base out.' },

  settledTwice: {
    text: '{{from}}’s share of {{expenses}} is ticked as paid to {{to}}. If this is the same money, it now counts twice: call delete_settlement, or toggle_budget_member_paid with paid false.',
  },
  expense: { text: '“{{name}}”' },
  andMore: { text: { one: 'and {{count}} more', other: 'and {{count}} more' } },
  tickedTwice: {
    text: '{{from}} has paid {{amount}} {{currency}} to {{to}} as a settlement. If this is the same money, it now counts twice: call delete_settlement with its id from list_settlements, or call this again with paid false.',
  },
  settlement: { text: 'Settlement' },
})
