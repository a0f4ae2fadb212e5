import { useTranslation } from 'react-i18next'
import { DragList, GroupedDrag, type RowGroup } from '../../../ui/drag/grouped-drag.tsx'
import { moved, patched, removed, useAct } from '../../../ui/live/act.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { PeoplePicker } from '../../trips/web/people-picker.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { set_todo_category_assignees, Todo, TodoAssignees, type TodoRow, update_todo } from '../contract/index.ts'
import { TodoLine } from './todo-row.tsx'

interface Props {
  /** The to-dos to show, in the order to show them. */
  todos: readonly TodoRow[]
  /** All to-dos of the trip. */
  everything: readonly TodoRow[]
  mayEdit: boolean
  /** Whether people set the order, rather than dates or priorities. */
  byHand: boolean
}

interface Group extends RowGroup {
  readonly category: string | null
  readonly todos: readonly TodoRow[]
}

/** The to-dos by category; those without one come first. */
export function TodoGroups({ todos, everything, mayEdit, byHand }: Props) {
  const { t } = useTranslation()
  const trip = useTrip()
  const act = useAct()
  const byCategory = Map.groupBy(todos, (todo) => todo.category)
  const groups: Group[] = [...byCategory]
    .toSorted(([a], [b]) => Number(a !== null) - Number(b !== null))
    .map(([category, inIt]) => ({
      key: category === null ? 'none' : `category ${category}`,
      title: category ?? t('todos.noCategory'),
      category,
      todos: inIt,
      ids: inIt.map(({ id }) => id),
    }))

  function move(id: number, key: string, before: number | null) {
    const group = groups.find((one) => one.key === key)
    if (!group) return
    const { category } = group
    const guesses = [patched(Todo, id, { category }), ...moved(Todo, everything, id, before)]
    void act(update_todo, { tripId: trip.id, itemId: id, category, before }, guesses)
  }

  const headed = groups.length > 1 || groups[0]?.category !== null
  return (
    <GroupedDrag groups={groups} nameOf={(id) => todos.find((todo) => todo.id === id)?.name ?? ''} onMove={move}>
      <div className="flex flex-col gap-8">
        {groups.map((group) => (
          <section key={group.key} aria-label={group.title}>
            {headed && <GroupHead group={group} everything={everything} mayEdit={mayEdit} />}
            <DragList group={group}>
              {group.todos.map((todo) => (
                <TodoLine key={todo.id} todo={todo} mayEdit={mayEdit} fixed={!mayEdit || !byHand} />
              ))}
            </DragList>
          </section>
        ))}
      </div>
    </GroupedDrag>
  )
}

interface HeadProps {
  group: Group
  everything: readonly TodoRow[]
  mayEdit: boolean
}

/** The heading of a category: its progress and its assignees. */
function GroupHead({ group: { title, category }, everything, mayEdit }: HeadProps) {
  const { t } = useTranslation()
  const trip = useTrip()
  const act = useAct()
  const row = useRows(TodoAssignees).find((one) => one.category === category)
  const all = everything.filter((todo) => todo.category === category)

  const name = (categoryName: string, user_ids: number[]) =>
    act(
      set_todo_category_assignees,
      { tripId: trip.id, categoryName, userIds: user_ids },
      row ? [user_ids.length ? patched(TodoAssignees, row.id, { user_ids }) : removed(TodoAssignees, row.id)] : [],
    )

  return (
    <div className="mb-2 flex min-h-8 items-center gap-2 px-1">
      <h3 className="min-w-0 truncate font-semibold text-base">{title}</h3>
      <span className="figures flex-1 text-ink-faint text-sm">
        {all.filter(({ checked }) => checked).length} / {all.length}
      </span>
      {category !== null && (
        <PeoplePicker
          label={t('todos.whoDoes', { category })}
          chosen={row?.user_ids ?? []}
          onChange={(ids) => void name(category, ids)}
          disabled={!mayEdit}
        />
      )}
    </div>
  )
}
