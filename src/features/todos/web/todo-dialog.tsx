import { type FormEvent, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextArea, TextField } from '../../../ui/design/field.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { textOrNull, useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import type { WireRow } from '../../../ui/live/frames.ts'
import { useRows, useSpaceRows } from '../../../ui/live/hooks.tsx'
import { usePeople } from '../../trips/web/people-picker.tsx'
import { Todo, type TodoRow, update_todo } from '../contract/index.ts'
import { PRIORITIES, PriorityFlag } from './priority.tsx'

interface Props {
  todo: TodoRow
  open: boolean
  onClose(): void
}

export function TodoDialog({ todo, open, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('todos.edit')}>
      <TodoForm todo={todo} onClose={onClose} />
    </Dialog>
  )
}

function TodoForm({ todo, onClose }: Omit<Props, 'open'>) {
  const { t } = useTranslation()
  const people = usePeople()
  const rows = useSpaceRows()
  const list = useId()
  const categories = new Set(useRows(Todo).flatMap(({ category }) => (category === null ? [] : [category])))
  const form = useForm(update_todo, {
    name: todo.name,
    category: todo.category ?? '',
    due_date: todo.due_date ?? '',
    description: todo.description ?? '',
    assigned_user_id: todo.assigned_user_id,
    priority: todo.priority,
  })

  async function submit(event: FormEvent) {
    event.preventDefault()
    const saved = await form.submit((values) => ({
      tripId: todo.trip_id,
      itemId: todo.id,
      name: values.name,
      category: textOrNull(values.category),
      due_date: textOrNull(values.due_date),
      description: textOrNull(values.description),
      assigned_user_id: values.assigned_user_id,
      priority: values.priority,
    }))
    if (!saved) return
    rows.adopt(Todo.name, saved.item as unknown as WireRow)
    onClose()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField label={t('todos.what')} {...form.bind('name')} />
      <TextArea label={t('todos.description')} {...form.bind('description')} />
      <div className="grid grid-cols-2 gap-3">
        <TextField label={t('todos.category')} list={list} {...form.bind('category')} />
        <TextField label={t('todos.due')} type="date" {...form.bind('due_date')} />
        <datalist id={list}>
          {[...categories].map((category) => (
            <option key={category} value={category} />
          ))}
        </datalist>
        <Select
          label={t('todos.assignee')}
          choices={[
            { value: null, label: t('todos.anybody') },
            ...people.map(({ user_id, name }) => ({ value: user_id, label: name })),
          ]}
          {...form.bind('assigned_user_id')}
        />
        <Select
          label={t('todos.priority')}
          choices={PRIORITIES.map((priority) => ({
            value: priority as number,
            label: t(`todos.priorities.${priority}`),
            icon: <PriorityFlag priority={priority} />,
          }))}
          {...form.bind('priority')}
        />
      </div>
      <FormActions submit={t('save')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}
