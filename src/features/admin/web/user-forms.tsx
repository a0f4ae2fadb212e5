import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../identity/web/session.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { DialogActions } from '../../../ui/design/dialog.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { forget } from '../../../ui/query.ts'
import { create_user, delete_user, list_users, set_user_password } from '../contract/index.ts'

export function CreateUserForm({ onDone }: { onDone(): void }) {
  const { t } = useTranslation()
  const form = useForm(create_user, { username: '', name: '', email: '', password: '', admin: false })
  const { values, set, error } = form

  async function submit(event: FormEvent) {
    event.preventDefault()
    const { username, name, email, password, admin } = values
    const made = await form.submit({
      username,
      email,
      password,
      role: admin ? 'admin' : 'user',
      ...(name.trim() && { name }),
    })
    if (!made) return
    tell(t('admin.wasAdded', { name: made.user.name }))
    onDone()
    await forget(list_users)
  }

  const text = (key: 'username' | 'name' | 'email' | 'password') => ({
    value: values[key],
    error: error(key),
    onChange: (typed: string) => set(key, typed),
  })
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField label={t('admin.username')} autoFocus autoComplete="off" autoCapitalize="none" {...text('username')} />
      <TextField label={t('settings.name')} hint={t('form.optional')} autoComplete="off" {...text('name')} />
      <TextField label={t('admin.email')} type="email" autoComplete="off" {...text('email')} />
      <TextField
        label={t('admin.firstPassword')}
        type="password"
        autoComplete="new-password"
        note={t('settings.newPasswordNote')}
        {...text('password')}
      />
      <Checkbox label={t('admin.mayRun')} checked={values.admin} onChange={(admin) => set('admin', admin)} />
      <DialogActions>
        <Button onClick={onDone}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={form.busy}>
          {t('admin.addUser')}
        </Button>
      </DialogActions>
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
      <TextField
        label={t('settings.newPassword')}
        type="password"
        autoFocus
        autoComplete="new-password"
        note={t('settings.newPasswordNote')}
        value={form.values.password}
        error={form.error('password')}
        onChange={(text) => form.set('password', text)}
      />
      <DialogActions>
        <Button onClick={onDone}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={form.busy}>
          {t('settings.changePassword')}
        </Button>
      </DialogActions>
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
