import { Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { useMe } from '../../../identity/web/session.ts'
import { shownCategory } from '../../../ui/category.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { listOf } from '../../../ui/message.ts'
import { forget, useRead } from '../../../ui/query.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import {
  apply_packing_template,
  delete_packing_template,
  list_packing_templates,
  save_packing_template,
} from '../contract/index.ts'
import { useTellAdded } from './bulk.ts'

interface Props {
  open: boolean
  onClose(): void
}

type Template = Output<typeof list_packing_templates>['templates'][number]

/** The packing templates of this server. */
export function TemplatesDialog({ open, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('packing.templates')} description={t('packing.templatesBody')}>
      <Templates onClose={onClose} />
    </Dialog>
  )
}

function Templates({ onClose }: Pick<Props, 'onClose'>) {
  const { t } = useTranslation()
  const trip = useTrip()
  const isAdmin = useMe().role === 'admin'
  const maySave = useMyRole() === 'owner' || isAdmin
  const { data, isError, error, refetch } = useRead(list_packing_templates, { tripId: trip.id })
  if (isError) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton className="h-32" />
  return (
    <div className="flex flex-col gap-6">
      {data.templates.length ? (
        <ul className="flex flex-col divide-y divide-line rounded-md border border-line bg-surface">
          {data.templates.map((template) => (
            <TemplateLine
              key={template.id}
              template={template}
              mayDelete={template.mine || isAdmin}
              onApplied={onClose}
            />
          ))}
        </ul>
      ) : (
        <EmptyState compact title={t('packing.noTemplates')}>
          {maySave ? t('packing.noTemplatesOwner') : t('packing.noTemplatesBody')}
        </EmptyState>
      )}
      {maySave && <SaveTemplate />}
    </div>
  )
}

interface LineProps {
  template: Template
  mayDelete: boolean
  onApplied(): void
}

function TemplateLine({ template: { id, name, item_count, categories }, mayDelete, onApplied }: LineProps) {
  const { t } = useTranslation()
  const trip = useTrip()
  const act = useAct()
  const tellAdded = useTellAdded()
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState(false)

  async function apply() {
    setBusy(true)
    const added = await act(apply_packing_template, { tripId: trip.id, templateId: id })
    setBusy(false)
    if (!added) return
    tellAdded(added)
    onApplied()
  }

  async function remove() {
    if (await act(delete_packing_template, { templateId: id })) {
      await forget(list_packing_templates)
      tell(t('packing.templateDeleted', { name }))
    }
  }

  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 p-3">
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere font-medium">{name}</p>
        <p className="truncate text-ink-faint text-sm">
          {t('packing.items', { count: item_count })} ·{' '}
          {listOf(categories.map((category) => shownCategory(t, category)))}
        </p>
      </div>
      {asking ? (
        // A deletion here affects every trip and cannot be undone.
        <div className="flex w-full items-center justify-end gap-2">
          <span className="flex-1 text-signal-ink text-sm">{t('packing.deleteTemplateAsk')}</span>
          <Button size="small" onClick={() => setAsking(false)}>
            {t('cancel')}
          </Button>
          <Button size="small" tone="danger" onClick={() => void remove()}>
            {t('delete')}
          </Button>
        </div>
      ) : (
        <>
          <Button size="small" busy={busy} onClick={() => void apply()}>
            {t('packing.apply')}
          </Button>
          {mayDelete && (
            <IconButton size="small" label={t('packing.deleteTemplate', { name })} onClick={() => setAsking(true)}>
              <Trash2 size={16} aria-hidden="true" />
            </IconButton>
          )}
        </>
      )}
    </li>
  )
}

function SaveTemplate() {
  const { t } = useTranslation()
  const trip = useTrip()
  const form = useForm(save_packing_template, { name: trip.title.slice(0, 100) })

  async function submit(event: FormEvent) {
    event.preventDefault()
    const saved = await form.submit({ tripId: trip.id, templateName: form.values.name })
    if (!saved) return
    await forget(list_packing_templates)
    tell(t('packing.templateSaved', { name: saved.template.name }))
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3 border-line border-t pt-5">
      <Trouble form={form} />
      <div className="flex items-end gap-2">
        <TextField label={t('packing.saveTemplate')} className="flex-1" {...form.bind('name', 'templateName')} />
        <Button type="submit" busy={form.busy}>
          {t('save')}
        </Button>
      </div>
      <p className="text-ink-faint text-xs">{t('packing.saveTemplateNote')}</p>
    </form>
  )
}
