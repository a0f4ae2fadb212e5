import { Bot, Sparkles } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../../core/declare/operation.ts'
import { ScopeFold } from '../../../../identity/web/integrations/scope-fold.tsx'
import { calendarDay } from '../../../../ui/dates.ts'
import { AskFirst } from '../../../../ui/design/ask-first.tsx'
import { Badge } from '../../../../ui/design/badge.tsx'
import { tell } from '../../../../ui/design/toast.tsx'
import { useAct } from '../../../../ui/live/act.ts'
import { forget } from '../../../../ui/query.ts'
import { list_all_oauth_clients, list_all_oauth_grants, revoke_any_oauth_grant } from '../../contract/index.ts'
import { AccessEntry } from './entry.tsx'
import { AccessList } from './listing.tsx'
import { type Sought, usePages } from './use-pages.ts'

type Grant = Output<typeof list_all_oauth_grants>['grants'][number]

/** Which programs act for which people. */
export function Grants({ sought, now }: { sought: Sought; now: number }) {
  const { t } = useTranslation()
  const list = usePages(list_all_oauth_grants, sought, ({ grants }) => grants)
  const [asking, setAsking] = useState<Grant | null>(null)
  return (
    <>
      <AccessList
        title={t('admin.grants')}
        note={t('admin.grantsNote')}
        list={list}
        searching={sought.search !== undefined}
        empty={{ title: t('admin.noGrants'), body: t('admin.noGrantsBody') }}
        row={(grant) => (
          <AccessEntry
            icon={grant.kind === 'machine' ? Bot : Sparkles}
            name={grant.client_name}
            badges={grant.kind === 'machine' && <Badge>{t('admin.machine')}</Badge>}
            person={grant.user}
            facts={[grant.redirect_host, t('admin.since', { date: calendarDay(grant.created_at) })]}
            lastUse={grant.last_used_at}
            now={now}
            done={t('admin.changes', { count: grant.changes })}
            action={t('admin.disconnect')}
            onAct={() => setAsking(grant)}
          >
            <ScopeFold scopes={grant.scopes} />
          </AccessEntry>
        )}
      />
      <Disconnect grant={asking} onClose={() => setAsking(null)} />
    </>
  )
}

function Disconnect({ grant, onClose }: { grant: Grant | null; onClose(): void }) {
  const { t } = useTranslation()
  const act = useAct()
  const names = { program: grant?.client_name, name: grant?.user.name }

  async function disconnect() {
    if (!grant) return
    if (await act(revoke_any_oauth_grant, { grantId: grant.id })) tell(t('admin.disconnected', names))
    onClose()
    await forget(list_all_oauth_grants, list_all_oauth_clients)
  }

  return (
    <AskFirst
      open={grant !== null}
      onClose={onClose}
      title={t('admin.disconnectTitle', names)}
      body={t(grant?.kind === 'machine' ? 'admin.disconnectMachine' : 'admin.disconnectBody', names)}
      action={t('admin.disconnect')}
      onDo={disconnect}
    />
  )
}
