import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from '../../../ui/design/field.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { forget } from '../../../ui/query.ts'
import { list_oauth_clients, list_oauth_grants, update_oauth_client } from '../../contract/oauth.ts'
import type { Client } from './client-card.tsx'
import { MachineTick } from './machine-tick.tsx'
import { RedirectList, typedUris } from './redirect-list.tsx'
import { ScopeFold } from './scope-fold.tsx'

interface Props {
  client: Client
  onClose(): void
}

/** Edits a client, except its scopes: its owner agreed to those. */
export function EditClient({ client, onClose }: Props) {
  const { t } = useTranslation()
  const { name, redirect_uris, machine, scopes } = client
  const form = useForm(update_oauth_client, { name, redirect_uris, machine })
  // A client added with both keeps both.
  const isByItselfAlone = (ticked: boolean) => ticked && !(machine && redirect_uris.length)

  async function submit(event: FormEvent) {
    event.preventDefault()
    const saved = await form.submit((typed) => ({
      clientId: client.id,
      ...typed,
      redirect_uris: isByItselfAlone(typed.machine) ? [] : typedUris(typed.redirect_uris),
    }))
    if (!saved) return
    tell(t('saved'))
    onClose()
    await forget(list_oauth_clients, list_oauth_grants)
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Trouble form={form} />
      <TextField label={t('settings.clientName')} autoComplete="off" {...form.bind('name')} />
      <MachineTick {...form.bind('machine')} />
      {!isByItselfAlone(form.values.machine) && <RedirectList {...form.bind('redirect_uris')} />}
      <div>
        <ScopeFold scopes={scopes} />
        <p className="text-ink-faint text-xs">{t('settings.scopesStay')}</p>
      </div>
      <FormActions submit={t('save')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}
