import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { wrong } from '../../core/declare/value-messages.ts'
import { CallError } from '../../ui/call.ts'
import { Button } from '../../ui/design/button.tsx'
import { Checkbox } from '../../ui/design/checkbox.tsx'
import { Contours } from '../../ui/design/contours.tsx'
import { TextField } from '../../ui/design/field.tsx'
import { PageTitle } from '../../ui/design/page-title.tsx'
import { Wordmark } from '../../ui/design/wordmark.tsx'
import { PasswordField } from '../../ui/form/password-field.tsx'
import { Trouble } from '../../ui/form/trouble.tsx'
import { textOf } from '../../ui/message.ts'
import { useProgramAt } from './connect/request.ts'
import { logIn } from './session.ts'

export function LogInPage() {
  const { t } = useTranslation()
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,34rem)]">
      <PageTitle of={[t('logIn.submit')]} />
      <aside className="relative hidden overflow-hidden bg-pine-soft lg:block" aria-hidden="true">
        <Contours seed={41} detail={2} className="absolute inset-0 size-full text-pine-ink opacity-35" />
        <p className="title absolute bottom-14 left-14 max-w-md rounded-lg bg-pine-soft/85 pr-6 text-4xl text-pine-ink">
          {t('logIn.motto')}
        </p>
      </aside>
      <main className="flex flex-col px-6 py-8 sm:px-14 lg:justify-center">
        <div className="mx-auto flex w-full max-w-sm flex-1 flex-col lg:flex-none">
          <Wordmark className="mb-16" />
          <LogInForm />
        </div>
      </main>
    </div>
  )
}

function LogInForm() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { to } = useSearch({ from: '/login' })
  const program = useProgramAt(to)
  const [identifier, setIdentifier] = useState('')
  const [password, setPassword] = useState('')
  const [remember, setRemember] = useState(true)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [missing, setMissing] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    const empty = !identifier.trim() ? 'identifier' : !password ? 'password' : null
    setMissing(empty)
    setTrouble(null)
    if (empty) return
    setBusy(true)
    try {
      await logIn({ identifier: identifier.trim(), password, remember_me: remember })
      await navigate({ href: to ?? '/', replace: true })
    } catch (error) {
      const callError = error instanceof CallError ? error : null
      setTrouble(
        callError?.code === 'unreachable' ? t('error.unreachable') : (callError?.message ?? t('error.unexpected')),
      )
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <div>
        <h1 className="title text-3xl">{t('logIn.title')}</h1>
        <p className="wrap-anywhere mt-2 text-ink-soft">
          {program ? t('connect.logInFor', { program }) : t('logIn.welcome')}
        </p>
      </div>
      <Trouble text={trouble} />
      <TextField
        label={t('logIn.identifier')}
        name="identifier"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        value={identifier}
        error={missing === 'identifier' ? textOf(wrong.empty()) : undefined}
        onChange={setIdentifier}
      />
      <PasswordField
        label={t('logIn.password')}
        name="password"
        autoComplete="current-password"
        value={password}
        error={missing === 'password' ? textOf(wrong.empty()) : undefined}
        onChange={setPassword}
      />
      <Checkbox label={t('logIn.remember')} checked={remember} onChange={setRemember} />
      <Button type="submit" tone="primary" size="large" busy={busy} className="mt-1">
        {t('logIn.submit')}
      </Button>
    </form>
  )
}
