import { Copy, KeyRound, Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create_static_token, list_static_tokens, revoke_static_token } from '../../identity/contract.ts'
import { CallError, call } from '../call.ts'
import { moment } from '../dates.ts'
import { Button } from '../design/button.tsx'
import { Dialog, DialogActions } from '../design/dialog.tsx'
import { TextField } from '../design/field.tsx'
import { EmptyState, ErrorState, Skeleton } from '../design/states.tsx'
import { tell, tellTrouble } from '../design/toast.tsx'
import { useForm } from '../form/form.ts'
import { Trouble } from '../form/trouble.tsx'
import { forget, useRead } from '../query.ts'

/** What programs and assistants log in with. */
export function Tokens() {
  const { t } = useTranslation()
  const tokens = useRead(list_static_tokens, {})
  const [fresh, setFresh] = useState<string | null>(null)
  const [making, setMaking] = useState(false)

  async function revoke(tokenId: number) {
    try {
      await call(revoke_static_token, { tokenId })
      tell(t('account.tokenRevoked'))
    } catch (error) {
      tellTrouble(error instanceof CallError ? error.message : t('error.unexpected'))
    }
    await forget(list_static_tokens)
  }

  if (tokens.isPending) return <Skeleton className="h-40" />
  if (tokens.isError) return <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} />
  const list = tokens.data.tokens
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-start justify-between gap-4">
        <p className="text-ink-soft">{t('account.tokensNote')}</p>
        <Button tone="primary" icon={<Plus size={17} aria-hidden="true" />} onClick={() => setMaking(true)}>
          {t('account.newToken')}
        </Button>
      </div>
      {fresh && <FreshToken token={fresh} onDone={() => setFresh(null)} />}
      {list.length > 0 ? (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {list.map((token) => (
            <li key={token.id} className="flex items-center gap-4 px-4 py-3">
              <KeyRound size={20} aria-hidden="true" className="shrink-0 text-ink-faint" />
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">{token.name}</p>
                <p className="figures truncate text-ink-faint text-sm">
                  {token.prefix}… ·{' '}
                  {token.last_used_at
                    ? t('account.lastUsed', { when: moment(token.last_used_at) })
                    : t('account.neverUsed')}
                </p>
              </div>
              <Button size="small" onClick={() => void revoke(token.id)}>
                {t('account.revoke')}
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        !fresh && (
          <EmptyState compact title={t('account.noTokens')}>
            {t('account.noTokensBody')}
          </EmptyState>
        )
      )}
      <Dialog open={making} onClose={() => setMaking(false)} title={t('account.newToken')}>
        <TokenForm
          onMade={(token) => {
            setFresh(token)
            setMaking(false)
          }}
          onClose={() => setMaking(false)}
        />
      </Dialog>
    </div>
  )
}

function TokenForm({ onMade, onClose }: { onMade(token: string): void; onClose(): void }) {
  const { t } = useTranslation()
  const form = useForm(create_static_token, { name: '' })

  async function submit(event: FormEvent) {
    event.preventDefault()
    const made = await form.submit({ name: form.values.name })
    if (!made) return
    onMade(made.token)
    await forget(list_static_tokens)
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble text={form.trouble} />
      <TextField
        label={t('account.tokenName')}
        placeholder={t('account.tokenNamePlaceholder')}
        autoFocus
        maxLength={100}
        value={form.values.name}
        error={form.error('name')}
        onChange={(event) => form.set('name', event.target.value)}
      />
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={form.busy}>
          {t('account.makeToken')}
        </Button>
      </DialogActions>
    </form>
  )
}

/** The token itself, which is shown this once. */
function FreshToken({ token, onDone }: { token: string; onDone(): void }) {
  const { t } = useTranslation()
  async function copy() {
    await navigator.clipboard?.writeText(token)
    tell(t('account.copied'))
  }
  return (
    <section className="rounded-lg border border-pine-ink bg-pine-soft p-4" aria-label={t('account.freshToken')}>
      <p className="font-medium text-pine-ink">{t('account.freshToken')}</p>
      <p className="mt-1 text-ink-soft text-sm">{t('account.freshTokenNote')}</p>
      <code className="mt-3 block select-all overflow-x-auto rounded-md bg-surface px-3 py-2.5 text-sm">{token}</code>
      <div className="mt-3 flex gap-2">
        <Button size="small" icon={<Copy size={14} aria-hidden="true" />} onClick={() => void copy()}>
          {t('copy')}
        </Button>
        <Button size="small" tone="plain" onClick={onDone}>
          {t('account.keptIt')}
        </Button>
      </div>
    </section>
  )
}
