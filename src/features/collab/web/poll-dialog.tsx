import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { create_collab_poll } from '../contract/index.ts'
import { PollOptions, usePollOptions } from './poll-options.tsx'

interface Props {
  open: boolean
  onClose(): void
}

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
  const options = usePollOptions()
  const [tried, setTried] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    const { question, multiple, deadline } = form.values
    const deadlineDate = deadline ? new Date(deadline) : null
    const created = await form.submit({
      tripId: trip.id,
      question,
      options: options.texts,
      multiple,
      ...(deadlineDate && { deadline: deadlineDate.toISOString() }),
    })
    if (created) onClose()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField
        label={t('together.question')}
        placeholder={t('together.questionPlaceholder')}
        {...form.bind('question')}
      />
      <PollOptions list={options} error={form.error('options')} tried={tried} />
      <Checkbox label={t('together.allowSeveral')} {...form.bind('multiple')} />
      <TextField
        label={t('together.deadline')}
        hint={t('form.optional')}
        type="datetime-local"
        {...form.bind('deadline')}
      />
      <FormActions submit={t('together.ask')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}
