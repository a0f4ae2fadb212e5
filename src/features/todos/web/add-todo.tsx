import { Plus } from 'lucide-react'
import { type FormEvent, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { LineField } from '../../../ui/design/field.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import type { WireRow } from '../../../ui/live/frames.ts'
import { useSpaceRows } from '../../../ui/live/hooks.tsx'
import { usePeople } from '../../trips/web/people-picker.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { create_todo, Todo } from '../contract/index.ts'
import { PRIORITIES, PriorityFlag } from './priority.tsx'

/** One line for the next to-do; the choices beside it stay, so that a list is written quickly. */
export function AddTodo({ categories }: { categories: readonly string[] }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const people = usePeople()
  const rows = useSpaceRows()
  const list = useId()
  const form = useForm(create_todo, {
    name: '',
    category: '',
    due_date: '',
    assigned_user_id: null as number | null,
    priority: 0 as number,
  })
  const { values, set } = form

  async function submit(event: FormEvent) {
    event.preventDefault()
    const { name, category, due_date, assigned_user_id, priority } = values
    const made = await form.submit({
      tripId: trip.id,
      name,
      assigned_user_id,
      priority,
      ...(category.trim() && { category }),
      ...(due_date && { due_date }),
    })
    if (!made) return
    rows.adopt(Todo.name, made.item as unknown as WireRow)
    set('name', '')
    set('due_date', '')
    set('priority', 0)
  }

  // On a phone the other fields appear once something is typed.
  const idle = !values.name && !values.category && values.assigned_user_id === null
  const fields = ['name', 'category', 'due_date', 'assigned_user_id'] as const
  const error = fields.map((field) => form.error(field)).find(Boolean)
  return (
    <form onSubmit={submit} noValidate className="rounded-lg border border-line bg-surface p-2">
      <div className="flex gap-2">
        <LineField
          label={t('todos.what')}
          placeholder={t('todos.whatPlaceholder')}
          className="h-10 flex-1 border-transparent"
          {...form.bind('name')}
        />
        <Button type="submit" tone="primary" busy={form.busy} icon={<Plus size={17} aria-hidden="true" />}>
          {t('todos.add')}
        </Button>
      </div>
      <div className={classes('mt-2 grid grid-cols-2 gap-2 md:grid-cols-4', idle && 'max-sm:hidden')}>
        <LineField
          label={t('todos.category')}
          placeholder={t('todos.category')}
          list={list}
          className="h-9 text-sm"
          {...form.bind('category')}
        />
        <datalist id={list}>
          {categories.map((category) => (
            <option key={category} value={category} />
          ))}
        </datalist>
        <LineField
          type="date"
          label={t('todos.due')}
          className={classes('h-9 text-sm', !values.due_date && 'text-ink-faint')}
          {...form.bind('due_date')}
        />
        <Select
          bare
          label={t('todos.assignee')}
          choices={[
            { value: null, label: t('todos.anybody') },
            ...people.map(({ user_id, name }) => ({ value: user_id, label: name })),
          ]}
          className="h-9"
          {...form.bind('assigned_user_id')}
        />
        <Select
          bare
          label={t('todos.priority')}
          choices={PRIORITIES.map((priority) => ({
            value: priority as number,
            label: t(`todos.priorities.${priority}`),
            icon: <PriorityFlag priority={priority} />,
          }))}
          className="h-9"
          {...form.bind('priority')}
        />
      </div>
      {error && (
        <p role="alert" className="px-2 pt-2 text-sm text-signal-ink">
          {error}
        </p>
      )}
      <Trouble form={form} />
    </form>
  )
}
