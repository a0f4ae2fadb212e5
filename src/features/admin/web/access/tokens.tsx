import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../../core/declare/operation.ts'
import { calendarDay } from '../../../../ui/dates.ts'
import { AskFirst } from '../../../../ui/design/ask-first.tsx'
import { tell } from '../../../../ui/design/toast.tsx'
import { useAct } from '../../../../ui/live/act.ts'
import { forget } from '../../../../ui/query.ts'
import { list_all_static_tokens, revoke_any_static_token } from '../../contract/index.ts'
import { AccessEntry } from './entry.tsx'
import { AccessList } from './listing.tsx'
import { type Sought, usePages } from './use-pages.ts'

type Token = Output<typeof list_all_static_tokens>['tokens'][number]

/** The static tokens of all users. */
export function StaticTokens({ sought, now }: { sought: Sought; now: number }) {
  const { t } = useTranslation()
  const list = usePages(list_all_static_tokens, sought, ({ tokens }) => tokens)
  const [asking, setAsking] = useState<Token | null>(null)
  return (
    <>
      <AccessList
        title={t('admin.tokens')}
        note={t('admin.tokensNote')}
        list={list}
        searching={sought.search !== undefined}
        empty={{ title: t('admin.noTokens'), body: t('admin.noTokensBody') }}
        row={(token) => (
          <AccessEntry
            icon={KeyRound}
            name={token.name}
            person={token.user}
            facts={[`${token.prefix}…`, t('admin.since', { date: calendarDay(token.created_at) })]}
            lastUse={token.last_used_at}
            now={now}
            action={t('admin.revoke')}
            onAct={() => setAsking(token)}
          />
        )}
      />
      <Revoke token={asking} onClose={() => setAsking(null)} />
    </>
  )
}

function Revoke({ token, onClose }: { token: Token | null; onClose(): void }) {
  const { t } = useTranslation()
  const act = useAct()
  const names = { token: token?.name, name: token?.user.name }

  async function revoke() {
    if (!token) return
    if (await act(revoke_any_static_token, { tokenId: token.id })) tell(t('admin.tokenRevoked', names))
    onClose()
    await forget(list_all_static_tokens)
  }

  return (
    <AskFirst
      open={token !== null}
      onClose={onClose}
      title={t('admin.revokeTitle', names)}
      body={t('admin.revokeBody', names)}
      action={t('admin.revoke')}
      onDo={revoke}
    />
  )
}
