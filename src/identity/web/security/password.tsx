import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { Section } from '../../../ui/design/section.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { forget } from '../../../ui/query.ts'
import { change_password, list_sessions, list_static_tokens } from '../../contract/index.ts'
import { list_oauth_grants } from '../../contract/oauth.ts'

export function Password() {
  const { t } = useTranslation()
  const form = useForm(change_password, { current_password: '', new_password: '' })

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (!(await form.submit(form.values))) return
    form.set('current_password', '')
    form.set('new_password', '')
    tell(t('settings.passwordChanged'))
    await forget(list_sessions, list_static_tokens, list_oauth_grants)
  }

  return (
    <Section title={t('settings.password')} note={t('settings.passwordNote')}>
      <form onSubmit={submit} noValidate className="flex max-w-md flex-col gap-5">
        <Trouble form={form} />
        <TextField
          label={t('settings.currentPassword')}
          type="password"
          autoComplete="current-password"
          value={form.values.current_password}
          error={form.error('current_password')}
          onChange={(text) => form.set('current_password', text)}
        />
        <TextField
          label={t('settings.newPassword')}
          type="password"
          autoComplete="new-password"
          note={t('settings.newPasswordNote')}
          value={form.values.new_password}
          error={form.error('new_password')}
          onChange={(text) => form.set('new_password', text)}
        />
        <Button type="submit" tone="primary" busy={form.busy} className="self-start">
          {t('settings.changePassword')}
        </Button>
      </form>
    </Section>
  )
}
