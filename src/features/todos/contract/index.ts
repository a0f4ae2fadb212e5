import { z } from 'zod'
import { asSet, defaulted, entity, optional, type Row, required, stored } from '../../../core/declare/entity.ts'
import { operation, resource } from '../../../core/declare/operation.ts'
import { OrderKey } from '../../../core/declare/order-key.ts'
import { CalendarDate, Id, Instant, Line, Prose } from '../../../core/declare/values.ts'
import { Assigned, packing, packing_edit } from '../../packing/contract/index.ts'
import { Done, inTrip } from '../../trips/contract/index.ts'
import { inSection } from '../../trips/contract/sections.ts'

/** Something to do for a trip. */
export const Todo = entity({
  name: 'todo',
  table: 'todos',
  space: 'trip',
  spaceKey: 'trip_id',
  computed: ['order_key'],
  refs: { assigned_user_id: 'member' },
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    name: required(Line(500)).describe('What to do.'),
    category: optional(Line(100)).describe('Category it is listed under.'),
    due_date: optional(CalendarDate).describe('Due date, YYYY-MM-DD.'),
    description: optional(Prose(2000)).describe('Details.'),
    assigned_user_id: optional(Id).describe('Assignee’s user_id, from list_trip_members.'),
    priority: defaulted(z.int().min(0).max(3), 0).describe('1 highest, 2, 3 lowest; 0 none.'),
    checked: defaulted(z.boolean(), false).describe('Whether it is done.'),
    order_key: stored(OrderKey),
    created_at: stored(Instant),
  },
})
export type TodoRow = Row<typeof Todo>

/** Who is responsible for the to-dos of a category. */
export const TodoAssignees = entity({
  name: 'todo_assignees',
  table: 'todo_category_assignees',
  space: 'trip',
  spaceKey: 'trip_id',
  refs: { user_ids: 'member' },
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    category: stored(Line(100)),
    user_ids: asSet(stored(z.array(Id))),
  },
})
export type TodoAssigneesRow = Row<typeof TodoAssignees>

const inTodo = inTrip.extend({ itemId: Id.describe('To-do id, from list_todos.') })
const oneItem = z.object({ item: Todo.row })
const before = Id.nullable().optional().describe('To-do id to put it before; null: the end.')

export const list_todos = operation({
  name: 'list_todos',
  title: 'List to-dos',
  description: 'The to-dos of a trip in order, done ones included.',
  effect: 'read',
  scope: 'todos:read',
  addon: packing,
  route: 'GET /trips/:tripId/todos',
  input: inTrip,
  output: z.object({ items: z.array(Todo.row) }),
  pages: 'items',
})

export const create_todo = operation({
  name: 'create_todo',
  title: 'Add a to-do',
  description: 'Add something to do for a trip, at the end of the list or in front of another to-do.',
  effect: 'create',
  scope: 'todos:write',
  addon: packing,
  permission: packing_edit,
  route: 'POST /trips/:tripId/todos',
  input: inTrip.extend({ ...Todo.create.shape, before }),
  output: oneItem,
})

export const update_todo = operation({
  name: 'update_todo',
  title: 'Change a to-do',
  description: 'Change fields of a to-do, or its place in the list. Omitted fields stay unchanged; null clears.',
  effect: 'update',
  scope: 'todos:write',
  addon: packing,
  permission: packing_edit,
  route: 'PATCH /trips/:tripId/todos/:itemId',
  input: inTodo.extend({
    ...Todo.patch.omit({ checked: true }).shape,
    before,
    priority: z.int().min(0).max(3).nullable().optional().describe('1 highest, 2, 3 lowest; 0 or null none.'),
  }),
  output: oneItem,
})

export const toggle_todo = operation({
  name: 'toggle_todo',
  title: 'Tick a to-do',
  description: 'Mark a to-do as done or not done.',
  effect: 'update',
  scope: 'todos:write',
  addon: packing,
  permission: packing_edit,
  route: 'PUT /trips/:tripId/todos/:itemId/checked',
  input: inTodo.extend({ checked: z.boolean().describe('Whether it is done.') }),
  output: oneItem,
})

export const delete_todo = operation({
  name: 'delete_todo',
  title: 'Delete a to-do',
  description: 'Take a to-do off the list.',
  effect: 'destroy',
  scope: 'todos:write',
  addon: packing,
  permission: packing_edit,
  route: 'DELETE /trips/:tripId/todos/:itemId',
  input: inTodo,
  output: Done,
})

export const reorder_todos = operation({
  name: 'reorder_todos',
  title: 'Reorder the to-dos',
  description: 'Put all to-dos of a trip into a new order. Every one must be named exactly once.',
  effect: 'update',
  scope: 'todos:write',
  addon: packing,
  permission: packing_edit,
  route: 'PUT /trips/:tripId/todos/order',
  input: inTrip.extend({ orderedIds: z.array(Id).min(1).max(5000).describe('Ids of all to-dos, in the new order.') }),
  output: Done,
})

export const get_todo_category_assignees = operation({
  name: 'get_todo_category_assignees',
  title: 'List who does which to-dos',
  description: 'Who is responsible for which category of to-dos. A category that is not listed has nobody.',
  effect: 'read',
  scope: 'todos:read',
  addon: packing,
  route: 'GET /trips/:tripId/todos/assignees',
  input: inTrip,
  output: z.object({ assignees: z.array(Assigned) }),
  continuations: { assignees: inSection('todo_assignees') },
})

export const set_todo_category_assignees = operation({
  name: 'set_todo_category_assignees',
  title: 'Set who does which to-dos',
  description: 'Set who is responsible for a category of to-dos. An empty list means nobody.',
  effect: 'update',
  scope: 'todos:write',
  addon: packing,
  permission: packing_edit,
  route: 'PUT /trips/:tripId/todos/assignees',
  input: inTrip.extend({
    categoryName: Line(100).describe('The category, exactly as the to-dos have it.'),
    userIds: z.array(Id).max(200).describe('user_ids from list_trip_members; replaces the list.'),
  }),
  output: Assigned,
})

export const todos_resource = resource({
  uri: 'trek://trips/{tripId}/todos',
  title: 'To-dos',
  description: 'The to-dos of a trip.',
  read: list_todos,
})
