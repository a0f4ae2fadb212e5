import { Plus, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { controlClass, TextField } from '../../../ui/design/field.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { create_collab_poll } from '../contract/index.ts'

interface Props {
  open: boolean
  onClose(): void
}

const MOST_OPTIONS = 20

export function PollDialog({ open, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('together.newPoll')}>
      <PollForm onClose={onClose} />
    </Dialog>
  )
}

function PollForm({ onClose }: Pick<Props, 'onClose'>) {
  const { t } = useTranslation()
  const trip = useTrip()
  const form = useForm(create_collab_poll, { question: '', multiple: false, deadline: '' })
  const { values, set, error } = form
  // Each has its own number, so that removing one does not mix up the text of the others.
  const [options, setOptions] = useState([1, 2].map((key) => ({ key, text: '' })))
  const [nextKey, setNextKey] = useState(3)
  const [tried, setTried] = useState(false)

  const write = (key: number, text: string) =>
    setOptions((before) => before.map((option) => (option.key === key ? { key, text } : option)))

  function add() {
    setOptions((before) => [...before, { key: nextKey, text: '' }])
    setNextKey(nextKey + 1)
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    const texts = options.map(({ text }) => text.trim()).filter(Boolean)
    const at = values.deadline ? new Date(values.deadline) : null
    const made = await form.submit({
      tripId: trip.id,
      question: values.question,
      options: texts,
      multiple: values.multiple,
      ...(at && { deadline: at.toISOString() }),
    })
    if (made) onClose()
  }

  const texts = options.map(({ text }) => text.trim().toLowerCase())
  const isTwice = texts.some((text, index) => text !== '' && texts.indexOf(text) !== index)
  const wrong = !tried
    ? undefined
    : isTwice
      ? t('together.optionsDifferent')
      : texts.filter(Boolean).length < 2
        ? t('together.optionsTwo')
        : error('options')

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField
        label={t('together.question')}
        placeholder={t('together.questionPlaceholder')}
        value={values.question}
        maxLength={500}
        error={error('question')}
        onChange={(text) => set('question', text)}
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 font-medium text-sm">{t('together.options')}</legend>
        {options.map(({ key, text }, index) => (
          <div key={key} className="flex items-center gap-1">
            <input
              aria-label={t('together.option', { number: index + 1 })}
              aria-invalid={wrong && (isTwice || !text.trim()) ? true : undefined}
              placeholder={t('together.option', { number: index + 1 })}
              // Enter in the last line adds another, so that a poll can be written with the keyboard alone.
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || index < options.length - 1 || !text.trim()) return
                event.preventDefault()
                if (options.length < MOST_OPTIONS) add()
              }}
              // biome-ignore lint/a11y/noAutofocus: the person has just added it
              autoFocus={key > 2}
              value={text}
              maxLength={200}
              onChange={(event) => write(key, event.target.value)}
              className={classes(controlClass, 'h-10')}
            />
            {options.length > 2 && (
              <IconButton
                label={t('together.removeOption', { number: index + 1 })}
                onClick={() => setOptions((before) => before.filter((option) => option.key !== key))}
              >
                <X size={16} aria-hidden="true" />
              </IconButton>
            )}
          </div>
        ))}
        {wrong && (
          <p role="alert" className="text-sm text-signal-ink">
            {wrong}
          </p>
        )}
        {options.length < MOST_OPTIONS && (
          <Button
            tone="plain"
            size="small"
            icon={<Plus size={15} aria-hidden="true" />}
            onClick={add}
            className="self-start"
          >
            {t('together.addOption')}
          </Button>
        )}
      </fieldset>
      <Checkbox
        label={t('together.allowSeveral')}
        checked={values.multiple}
        onChange={(multiple) => set('multiple', multiple)}
      />
      <TextField
        label={t('together.deadline')}
        hint={t('form.optional')}
        type="datetime-local"
        value={values.deadline}
        error={error('deadline')}
        onChange={(text) => set('deadline', text)}
      />
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={form.busy}>
          {t('together.ask')}
        </Button>
      </DialogActions>
    </form>
  )
}
