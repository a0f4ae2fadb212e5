import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../identity/web/session.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { DialogActions } from '../../../ui/design/dialog.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { PasswordField } from '../../../ui/form/password-field.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { forget } from '../../../ui/query.ts'
import { create_user, delete_user, list_users, set_user_password } from '../contract/index.ts'

export function CreateUserForm({ onDone }: { onDone(): void }) {
  const { t } = useTranslation()
  const form = useForm(create_user, { username: '', name: '', email: '', password: '', admin: false })

  async function submit(event: FormEvent) {
    event.preventDefault()
    const { username, name, email, password, admin } = form.values
    const created = await form.submit({
      username,
      email,
      password,
      role: admin ? 'admin' : 'user',
      ...(name.trim() && { name }),
    })
    if (!created) return
    tell(t('admin.wasAdded', { name: created.user.name }))
    onDone()
    await forget(list_users)
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField
        label={t('admin.username')}
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        {...form.bind('username')}
      />
      <TextField label={t('settings.name')} hint={t('form.optional')} autoComplete="off" {...form.bind('name')} />
      <TextField label={t('admin.email')} type="email" autoComplete="off" {...form.bind('email')} />
      <PasswordField
        label={t('admin.firstPassword')}
        autoComplete="new-password"
        note={t('settings.newPasswordNote')}
        {...form.bind('password')}
      />
      <Checkbox label={t('admin.mayRun')} {...form.bind('admin', 'role')} />
      <FormActions submit={t('admin.addUser')} busy={form.busy} onCancel={onDone} />
    </form>
  )
}

export function SetPasswordForm({ user, onDone }: { user: Me; onDone(): void }) {
  const { t } = useTranslation()
  const form = useForm(set_user_password, { password: '' })

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (!(await form.submit({ userId: user.id, password: form.values.password }))) return
    tell(t('settings.passwordChanged'))
    onDone()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <p className="text-ink-soft">{t('admin.passwordNote', { name: user.name })}</p>
      <Trouble form={form} />
      <PasswordField
        label={t('settings.newPassword')}
        autoFocus
        autoComplete="new-password"
        note={t('settings.newPasswordNote')}
        {...form.bind('password')}
      />
      <FormActions submit={t('settings.changePassword')} busy={form.busy} onCancel={onDone} />
    </form>
  )
}

/** A deleted account cannot be restored, so this asks first. */
export function DeleteUserForm({ user, onDone }: { user: Me; onDone(): void }) {
  const { t } = useTranslation()
  const form = useForm(delete_user, {})

  async function remove() {
    if (!(await form.submit({ userId: user.id }))) return
    tell(t('admin.wasDeleted', { name: user.name }))
    onDone()
    await forget(list_users)
  }

  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-soft">{t('admin.deleteNote', { name: user.name })}</p>
      <Trouble form={form} />
      <DialogActions>
        <Button onClick={onDone}>{t('cancel')}</Button>
        <Button tone="danger" busy={form.busy} onClick={remove}>
          {t('admin.deleteUser')}
        </Button>
      </DialogActions>
    </div>
  )
}
