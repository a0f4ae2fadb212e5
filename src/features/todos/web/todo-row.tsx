import { CalendarClock, MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuGroup, MenuItem, MenuLine, MenuRadio } from '../../../ui/design/menu.tsx'
import { Tip } from '../../../ui/design/tooltip.tsx'
import { DragRow } from '../../../ui/drag/grouped-drag.tsx'
import { useDialog } from '../../../ui/form/dialog-host.tsx'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { HistoryItem } from '../../history/web/row-history.tsx'
import { tellUndoable } from '../../history/web/undo.ts'
import { usePeople } from '../../trips/web/people-picker.tsx'
import { delete_todo, Todo, type TodoRow, toggle_todo, update_todo } from '../contract/index.ts'
import { isOverdue, useDueText } from './due.ts'
import { PRIORITIES, PriorityMark } from './priority.tsx'
import { TodoDialog } from './todo-dialog.tsx'

interface Props {
  todo: TodoRow
  mayEdit: boolean
  /** Whether it cannot be moved: without the right to edit, or where dates or priorities decide the order. */
  fixed: boolean
}

/** One to-do. */
export function TodoLine({ todo, mayEdit, fixed }: Props) {
  const { t } = useTranslation()
  const act = useAct()
  const dialog = useDialog()
  const edit = () => dialog((shown) => <TodoDialog todo={todo} {...shown} />)
  const inTodo = { tripId: todo.trip_id, itemId: todo.id }
  const name = (
    <>
      <span className={classes(todo.checked && 'text-ink-faint line-through decoration-line-strong')}>{todo.name}</span>
      {todo.description && (
        <span className="mt-0.5 line-clamp-2 whitespace-pre-line text-ink-faint text-sm">{todo.description}</span>
      )}
    </>
  )
  return (
    <DragRow id={todo.id} name={todo.name} fixed={fixed}>
      <Glowing
        entity={Todo}
        row={todo.id}
        className="flex min-h-12 min-w-0 flex-1 items-center gap-3 rounded-r-lg pr-2"
      >
        <Checkbox
          bare
          label={t('todos.tick', { name: todo.name })}
          checked={todo.checked}
          disabled={!mayEdit}
          onChange={(checked) => void act(toggle_todo, { ...inTodo, checked }, [patched(Todo, todo.id, { checked })])}
        />
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1 py-2">
          {mayEdit ? (
            <button
              type="button"
              onClick={edit}
              className="wrap-anywhere flex min-w-0 flex-[1_1_10rem] flex-col rounded-sm text-left"
            >
              {name}
            </button>
          ) : (
            <div className="wrap-anywhere flex min-w-0 flex-[1_1_10rem] flex-col">{name}</div>
          )}
          <Due todo={todo} />
        </div>
        {!todo.checked && <PriorityMark priority={todo.priority} />}
        <Assignee userId={todo.assigned_user_id} />
        {mayEdit && <TodoMenu todo={todo} onEdit={edit} />}
      </Glowing>
    </DragRow>
  )
}

function Due({ todo }: { todo: TodoRow }) {
  const { t } = useTranslation()
  const dueText = useDueText()
  if (!todo.due_date) return null
  const overdue = isOverdue(todo)
  return (
    <span
      className={classes(
        'figures flex items-center gap-1.5 whitespace-nowrap text-sm',
        overdue
          ? 'rounded-full bg-signal-soft px-2 py-0.5 font-medium text-signal-ink'
          : todo.checked
            ? 'text-ink-faint'
            : 'text-ink-soft',
      )}
    >
      <CalendarClock size={14} aria-hidden="true" />
      <span className="sr-only">{overdue ? t('todos.overdueSince') : t('todos.due')}: </span>
      {dueText(todo.due_date)}
    </span>
  )
}

function Assignee({ userId }: { userId: number | null }) {
  const { t } = useTranslation()
  const person = usePeople().find(({ user_id }) => user_id === userId)
  if (!person) return null
  const text = t('todos.for', { name: person.name })
  return (
    <Tip text={text}>
      <span role="img" aria-label={text} className="flex">
        <Avatar name={person.name} userId={person.user_id} size="small" />
      </span>
    </Tip>
  )
}

function TodoMenu({ todo, onEdit }: { todo: TodoRow; onEdit(): void }) {
  const { t } = useTranslation()
  const act = useAct()
  const remove = useDeleteTodo()
  const inTodo = { tripId: todo.trip_id, itemId: todo.id }
  return (
    <Menu
      trigger={
        <IconButton label={t('todos.menu', { name: todo.name })} size="small">
          <MoreHorizontal size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuItem icon={<Pencil size={16} />} onSelect={onEdit}>
        {t('edit')}
      </MenuItem>
      <HistoryItem entity={Todo} row={todo.id} title={todo.name} />
      <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => void remove(todo)}>
        {t('delete')}
      </MenuItem>
      <MenuLine />
      <MenuGroup label={t('todos.priority')}>
        <MenuRadio
          value={String(todo.priority)}
          choices={PRIORITIES.map((priority) => ({
            value: String(priority),
            label: t(`todos.priorities.${priority}`),
          }))}
          onChange={(next) => {
            const priority = Number(next)
            void act(update_todo, { ...inTodo, priority }, [patched(Todo, todo.id, { priority })])
          }}
        />
      </MenuGroup>
    </Menu>
  )
}

function useDeleteTodo() {
  const { t } = useTranslation()
  const act = useAct()
  return async ({ id, trip_id: tripId, name }: TodoRow) => {
    const deleted = await act(delete_todo, { tripId, itemId: id }, [removed(Todo, id)])
    if (deleted) tellUndoable(t('todos.wasDeleted', { name }), deleted)
  }
}
