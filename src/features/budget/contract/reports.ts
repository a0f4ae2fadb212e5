import { z } from 'zod'
import { operation, resource } from '../../../core/declare/operation.ts'
import { Currency, Id } from '../../../core/declare/values.ts'
import { Person } from '../../../identity/contract/person.ts'
import { inTrip } from '../../trips/contract/index.ts'
import { inSection } from '../../trips/contract/sections.ts'
import { budget } from './addon.ts'
import { Unconverted } from './money.ts'
import { Settlement } from './settlements.ts'

/** Somebody with a stake in the costs; `former` when they are no longer in the trip. */
const Stakeholder = Person.extend({ former: z.boolean() })

export const get_budget_per_person = operation({
  name: 'get_budget_per_person',
  title: 'Get the costs of each traveller',
  description: 'What each traveller bears and has paid, in total and for each expense, in the trip’s currency.',
  effect: 'read',
  scope: 'budget:read',
  addon: budget,
  route: 'GET /trips/:tripId/budget/per-person',
  expose: ['rest'],
  input: inTrip,
  output: z.object({
    currency: Currency,
    people: z.array(
      Stakeholder.extend({
        share: z.number().describe('Their share of all expenses, including planned ones.'),
        paid: z.number().describe('Amount they have paid towards expenses.'),
        balance: z.number().describe('Positive when they are owed this amount, negative when they owe it.'),
      }),
    ),
    items: z.array(
      z.object({
        item_id: Id,
        name: z.string(),
        total: z.number(),
        people: z.array(z.object({ user_id: Id, share: z.number(), paid: z.number() })),
      }),
    ),
    unconverted: z.array(Unconverted),
  }),
  continuations: {
    people: inSection('balances'),
    items: inSection('cost_shares'),
    unconverted: inSection('unconverted'),
  },
})

export const get_settlement_summary = operation({
  name: 'get_settlement_summary',
  title: 'See who owes whom',
  description:
    'What each traveller is owed (negative: owes), and the fewest payments that settle it, excluding unconverted amounts.',
  effect: 'read',
  scope: 'budget:read',
  addon: budget,
  openWorld: true,
  route: 'GET /trips/:tripId/budget/settlement',
  input: inTrip.extend({ base: Currency.optional().describe('Currency to settle in; the trip’s when omitted.') }),
  output: z.object({
    summary: z.object({
      currency: Currency,
      balances: z.array(Stakeholder.extend({ balance: z.number() })),
      flows: z.array(z.object({ from: Person, to: Person, amount: z.number() })),
      settlements: z.array(Settlement.row),
      unconverted: z.array(Unconverted),
    }),
  }),
  continuations: {
    'summary.balances': inSection('balances', { fromStart: true }),
    'summary.flows': inSection('flows', { fromStart: true }),
    'summary.settlements': inSection('settlements'),
    'summary.unconverted': inSection('unconverted'),
  },
})

export const budget_per_person_resource = resource({
  uri: 'trek://trips/{tripId}/budget/per-person',
  title: 'Costs of each traveller',
  description: 'What each traveller bears and has paid, in total and for each expense.',
  read: get_budget_per_person,
})

export const budget_settlement_resource = resource({
  uri: 'trek://trips/{tripId}/budget/settlement',
  title: 'Who owes whom',
  description: 'Balances and the fewest payments that settle them.',
  read: get_settlement_summary,
})
