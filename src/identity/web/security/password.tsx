import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Section } from '../../../ui/design/section.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { PasswordField } from '../../../ui/form/password-field.tsx'
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
        <PasswordField
          label={t('settings.currentPassword')}
          autoComplete="current-password"
          {...form.bind('current_password')}
        />
        <PasswordField
          label={t('settings.newPassword')}
          autoComplete="new-password"
          note={t('settings.newPasswordNote')}
          {...form.bind('new_password')}
        />
        <Button type="submit" tone="primary" busy={form.busy} className="self-start">
          {t('settings.changePassword')}
        </Button>
      </form>
    </Section>
  )
}
