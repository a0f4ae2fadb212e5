import type { FormEvent } from 'react'
import { useMe } from '../../../identity/web/session.ts'
import { today } from '../../../ui/dates.ts'
import { type Form, useForm } from '../../../ui/form/form.ts'
import type { WireRow } from '../../../ui/live/frames.ts'
import { useSpaceRows } from '../../../ui/live/hooks.tsx'
import { usePeople } from '../../trips/web/people-picker.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { BudgetItem, type BudgetItemRow, create_budget_item, update_budget_item } from '../contract/index.ts'
import { useCategoryNames } from './categories.tsx'
import { useNames } from './costs.ts'
import { type ExpenseValues, inputOf, newExpense, valuesOf } from './expense-values.ts'

export type ExpenseForm = Form<typeof update_budget_item | typeof create_budget_item, ExpenseValues>

export interface Someone {
  readonly user_id: number
  readonly name: string
}

/** The form of an expense, of a new one without an item: its fields, the people it can name, and how it is saved. */
export function useExpenseForm(item: BudgetItemRow | undefined, onSaved: () => void) {
  const me = useMe()
  const trip = useTrip()
  const rows = useSpaceRows()
  const people = useNameable(item)
  const categories = useCategoryNames()
  const everybody = people.map(({ user_id }) => user_id)
  const payer = everybody.includes(me.id) ? me.id : (everybody[0] as number)
  const form = useForm<typeof update_budget_item | typeof create_budget_item, ExpenseValues>(
    item ? update_budget_item : create_budget_item,
    item ? valuesOf(item, categories.nameOf(item.category)) : newExpense(trip.currency, payer, everybody, today()),
  )

  async function submit(event: FormEvent) {
    event.preventDefault()
    const saved = await form.submit((written) => ({
      tripId: trip.id,
      ...(item && { itemId: item.id }),
      ...inputOf(written, categories.named(written.category), trip.currency),
    }))
    if (!saved) return
    if (!item) rows.adopt(BudgetItem.name, saved.item as unknown as WireRow)
    onSaved()
  }

  return { form, people, submit }
}

/** The people an expense can name: those in the trip, and those it names already. */
function useNameable(item: BudgetItemRow | undefined): Someone[] {
  const people = usePeople()
  const nameOf = useNames()
  const named = item ? [...item.payers, ...item.members].map(({ user_id }) => user_id) : []
  const former = [...new Set(named)].filter((id) => !people.some(({ user_id }) => user_id === id))
  return [
    ...people.map(({ user_id, name }) => ({ user_id, name })),
    ...former.map((user_id) => ({ user_id, name: nameOf(user_id) })),
  ]
}
