import { addon, permission } from '../../../core/declare/operation.ts'

export const packing = addon({
  name: 'packing',
  title: 'Lists',
  description: 'Packing lists and to-dos',
  default: true,
})

export const packing_edit = permission({
  name: 'packing_edit',
  title: 'Edit packing lists and to-dos',
  default: 'member',
  levels: ['owner', 'member'],
})
