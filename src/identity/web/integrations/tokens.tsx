import { KeyRound, Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fromNow } from '../../../ui/dates.ts'
import { Button } from '../../../ui/design/button.tsx'
import { CopyButton } from '../../../ui/design/copy-button.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { Notice } from '../../../ui/design/notice.tsx'
import { Section } from '../../../ui/design/section.tsx'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { useNow } from '../../../ui/now.ts'
import { forget } from '../../../ui/query.ts'
import { create_static_token, list_static_tokens, revoke_static_token, StaticToken } from '../../contract/index.ts'
import { useOwn } from '../use-own.ts'

/** Tokens that never change: the old way in, for programs that support no other. */
export function Tokens() {
  const { t } = useTranslation()
  const [making, setMaking] = useState(false)
  const [fresh, setFresh] = useState<string | null>(null)
  return (
    <Section
      title={t('settings.tokens')}
      note={t('settings.tokensNote')}
      action={
        <Button icon={<Plus size={17} aria-hidden="true" />} onClick={() => setMaking(true)}>
          {t('settings.newToken')}
        </Button>
      }
    >
      <Notice tone="info">{t('settings.tokensOld')}</Notice>
      {fresh && <FreshToken token={fresh} onDone={() => setFresh(null)} />}
      <List />
      <Dialog open={making} onClose={() => setMaking(false)} title={t('settings.newToken')}>
        <TokenForm
          onMade={(token) => {
            setFresh(token)
            setMaking(false)
          }}
          onClose={() => setMaking(false)}
        />
      </Dialog>
    </Section>
  )
}

function List() {
  const { t } = useTranslation()
  const now = useNow()
  const act = useAct()
  const tokens = useOwn(list_static_tokens, StaticToken)

  async function revoke(tokenId: number) {
    if (await act(revoke_static_token, { tokenId })) tell(t('settings.tokenRevoked'))
    await forget(list_static_tokens)
  }

  if (tokens.isPending) return <Skeleton className="h-16" />
  if (tokens.isError) return <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} />
  if (!tokens.data.tokens.length) return <p className="text-ink-faint text-sm">{t('settings.noTokens')}</p>
  return (
    <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
      {tokens.data.tokens.map((token) => (
        <li key={token.id} className="flex items-center gap-4 px-4 py-3">
          <KeyRound size={20} aria-hidden="true" className="shrink-0 text-ink-faint" />
          <div className="min-w-0 flex-1">
            <p className="truncate font-medium">{token.name}</p>
            <p className="figures text-ink-faint text-sm">
              {token.prefix}… ·{' '}
              {token.last_used_at
                ? t('settings.usedWhen', { when: fromNow(token.last_used_at, now) })
                : t('settings.notUsed')}
            </p>
          </div>
          <Button size="small" onClick={() => void revoke(token.id)}>
            {t('settings.revoke')}
          </Button>
        </li>
      ))}
    </ul>
  )
}

function TokenForm({ onMade, onClose }: { onMade(token: string): void; onClose(): void }) {
  const { t } = useTranslation()
  const form = useForm(create_static_token, { name: '' })

  async function submit(event: FormEvent) {
    event.preventDefault()
    const created = await form.submit({ name: form.values.name })
    if (!created) return
    onMade(created.token)
    await forget(list_static_tokens)
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField
        label={t('settings.tokenName')}
        placeholder={t('settings.tokenNamePlaceholder')}
        autoFocus
        {...form.bind('name')}
      />
      <FormActions submit={t('settings.makeToken')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}

/** The token, shown only once. */
function FreshToken({ token, onDone }: { token: string; onDone(): void }) {
  const { t } = useTranslation()
  return (
    <section className="rounded-lg border border-pine-ink bg-pine-soft p-4" aria-label={t('settings.freshToken')}>
      <p className="font-medium text-pine-ink">{t('settings.freshToken')}</p>
      <p className="mt-1 text-ink-soft text-sm">{t('settings.freshTokenNote')}</p>
      <code className="wrap-anywhere mt-3 block select-all rounded-md bg-surface px-3 py-2.5 font-mono text-sm">
        {token}
      </code>
      <div className="mt-3 flex gap-2">
        <CopyButton text={token} what={t('settings.freshToken')} />
        <Button size="small" tone="plain" onClick={onDone}>
          {t('settings.keptIt')}
        </Button>
      </div>
    </section>
  )
}
