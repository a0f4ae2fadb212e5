import { ListChecks } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { byOrder } from '../../../core/declare/order-key.ts'
import { useMe } from '../../../identity/web/session.ts'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useRemembered } from '../../../ui/remembered.ts'
import { useRights } from '../../admin/web/instance.ts'
import { packing_edit } from '../../packing/contract/index.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { Todo, TodoAssignees, type TodoRow } from '../contract/index.ts'
import { AddTodo } from './add-todo.tsx'
import { isOverdue } from './due.ts'
import { TodoGroups } from './todo-groups.tsx'

type Shown = 'all' | 'mine' | 'overdue' | 'done'
type Order = 'hand' | 'due' | 'priority'

const SHOWN: readonly Shown[] = ['all', 'mine', 'overdue', 'done']
const ORDERS: readonly Order[] = ['hand', 'due', 'priority']

// To-dos without a date sort last, and so do those without a priority.
const LAST = '9999'
const rank = ({ priority }: TodoRow): number => priority || 4
const byDue = (a: TodoRow, b: TodoRow): number => (a.due_date ?? LAST).localeCompare(b.due_date ?? LAST)
const COMPARE: Record<Order, (a: TodoRow, b: TodoRow) => number> = {
  hand: byOrder,
  due: (a, b) => byDue(a, b) || byOrder(a, b),
  priority: (a, b) => rank(a) - rank(b) || byDue(a, b) || byOrder(a, b),
}

/** The to-do list of the trip. */
export function TodosPage() {
  const { t } = useTranslation()
  const me = useMe()
  const rows = useRows(Todo)
  const assignees = useRows(TodoAssignees)
  const mayEdit = useRights(useMyRole())(packing_edit)
  const [shown, setShown] = useState<Shown>('all')
  const [kept, setOrder] = useRemembered<string>('todos.order', 'hand')
  const order = ORDERS.find((one) => one === kept) ?? 'hand'
  const todos = useMemo(() => rows.toSorted(byOrder), [rows])
  const mine = new Set(assignees.filter(({ user_ids }) => user_ids.includes(me.id)).map(({ category }) => category))
  const isMine = ({ assigned_user_id, category }: TodoRow): boolean =>
    assigned_user_id === null ? category !== null && mine.has(category) : assigned_user_id === me.id
  const shows: Record<Shown, (todo: TodoRow) => boolean> = {
    all: () => true,
    mine: (todo) => !todo.checked && isMine(todo),
    overdue: isOverdue,
    done: ({ checked }) => checked,
  }
  const overdue = todos.filter(isOverdue).length
  const visible = todos.filter(shows[shown]).toSorted(COMPARE[order])
  const categories = [...new Set(todos.flatMap(({ category }) => (category === null ? [] : [category])))]
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-6 px-4 pt-6 pb-24 sm:px-6 sm:pt-10">
      <Progress todos={todos} />
      {mayEdit && <AddTodo categories={categories} />}
      {todos.length > 0 && (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <Segmented
            label={t('todos.which')}
            value={shown}
            choices={SHOWN.map((value) => ({
              value,
              label: value === 'overdue' && overdue ? t('todos.overdueCount', { count: overdue }) : t(`todos.${value}`),
            }))}
            onChange={setShown}
          />
          <div className="w-36">
            <Select
              bare
              label={t('todos.order')}
              value={order}
              choices={ORDERS.map((value) => ({ value, label: t(`todos.orders.${value}`) }))}
              onChange={setOrder}
            />
          </div>
        </div>
      )}
      {visible.length > 0 ? (
        <TodoGroups todos={visible} everything={todos} mayEdit={mayEdit} byHand={order === 'hand'} />
      ) : todos.length > 0 ? (
        <EmptyState compact title={t(`todos.none.${shown}`)} />
      ) : (
        <EmptyState compact title={t('todos.emptyTitle')}>
          {mayEdit ? t('todos.emptyBody') : t('todos.emptyReadOnly')}
        </EmptyState>
      )}
    </div>
  )
}

function Progress({ todos }: { todos: readonly TodoRow[] }) {
  const { t } = useTranslation()
  const done = todos.filter(({ checked }) => checked).length
  return (
    <header className="flex flex-col gap-4">
      <div className="flex items-center gap-3">
        <h2 className="title flex min-w-0 flex-1 items-center gap-3 text-2xl">
          <ListChecks size={24} aria-hidden="true" className="shrink-0 text-pine-ink" />
          {t('todos.title')}
        </h2>
        <p className="figures title text-2xl text-ink-soft">
          {done}
          <span className="text-ink-faint text-lg"> / {todos.length}</span>
        </p>
      </div>
      <div
        role="progressbar"
        aria-label={t('todos.progress')}
        aria-valuemin={0}
        aria-valuemax={todos.length}
        aria-valuenow={done}
        className="h-1.5 overflow-hidden rounded-full bg-hover"
      >
        <div
          className="h-full rounded-full bg-pine transition-[width] duration-(--steady)"
          style={{ width: todos.length ? `${(done / todos.length) * 100}%` : 0 }}
        />
      </div>
    </header>
  )
}
