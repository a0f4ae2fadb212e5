import { Plus } from 'lucide-react'
import { type FormEvent, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { controlClass } from '../../../ui/design/field.tsx'
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
  const error = ['name', 'category', 'due_date', 'assigned_user_id'].map((field) => form.error(field)).find(Boolean)
  return (
    <form onSubmit={submit} noValidate className="rounded-lg border border-line bg-surface p-2">
      <div className="flex gap-2">
        <input
          aria-label={t('todos.what')}
          aria-invalid={form.error('name') ? true : undefined}
          placeholder={t('todos.whatPlaceholder')}
          maxLength={500}
          value={values.name}
          onChange={(event) => set('name', event.target.value)}
          className={classes(controlClass, 'h-10 flex-1 border-transparent')}
        />
        <Button type="submit" tone="primary" busy={form.busy} icon={<Plus size={17} aria-hidden="true" />}>
          {t('todos.add')}
        </Button>
      </div>
      <div className={classes('mt-2 grid grid-cols-2 gap-2 md:grid-cols-4', idle && 'max-sm:hidden')}>
        <input
          aria-label={t('todos.category')}
          placeholder={t('todos.category')}
          list={list}
          maxLength={100}
          value={values.category}
          onChange={(event) => set('category', event.target.value)}
          className={classes(controlClass, 'h-9 text-sm')}
        />
        <datalist id={list}>
          {categories.map((category) => (
            <option key={category} value={category} />
          ))}
        </datalist>
        <input
          type="date"
          aria-label={t('todos.due')}
          value={values.due_date}
          onChange={(event) => set('due_date', event.target.value)}
          className={classes(controlClass, 'h-9 text-sm', !values.due_date && 'text-ink-faint')}
        />
        <Select
          bare
          label={t('todos.assignee')}
          value={values.assigned_user_id}
          choices={[
            { value: null, label: t('todos.anybody') },
            ...people.map(({ user_id, name }) => ({ value: user_id, label: name })),
          ]}
          onChange={(assigned) => set('assigned_user_id', assigned)}
          className="h-9"
        />
        <Select
          bare
          label={t('todos.priority')}
          value={values.priority}
          choices={PRIORITIES.map((priority) => ({
            value: priority as number,
            label: t(`todos.priorities.${priority}`),
            icon: <PriorityFlag priority={priority} />,
          }))}
          onChange={(priority) => set('priority', priority)}
          className="h-9"
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
