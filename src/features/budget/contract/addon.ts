import { addon, permission } from '../../../core/declare/operation.ts'

export const budget = addon({
  name: 'budget',
  title: 'Costs',
  description: 'What the trip costs, who paid, and who owes whom',
  default: true,
})

export const budget_edit = permission({
  name: 'budget_edit',
  title: 'Edit costs and payments',
  default: 'member',
  levels: ['owner', 'member'],
})
