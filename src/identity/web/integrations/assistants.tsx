import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AskFirst } from '../../../ui/design/ask-first.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { Section } from '../../../ui/design/section.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { useNow } from '../../../ui/now.ts'
import { forget } from '../../../ui/query.ts'
import { list_oauth_clients, list_oauth_grants, OAuthGrant, revoke_oauth_grant } from '../../contract/oauth.ts'
import { useLast } from '../use-last.ts'
import { useOwn } from '../use-own.ts'
import { AssistantCard, type Grant } from './assistant-card.tsx'
import { GrantChanges } from './grant-changes.tsx'

type Asking = { what: 'changes' | 'disconnect'; grant: Grant }

/** The programs that can act for the person, and their changes. */
export function Assistants({ enabled }: { enabled: boolean }) {
  const { t } = useTranslation()
  return (
    <Section title={t('settings.assistants')} note={t('settings.assistantsNote')}>
      <List enabled={enabled} />
    </Section>
  )
}

function List({ enabled }: { enabled: boolean }) {
  const { t } = useTranslation()
  const now = useNow()
  const granted = useOwn(list_oauth_grants, OAuthGrant)
  const [asking, setAsking] = useState<Asking | null>(null)
  const last = useLast(asking)?.grant
  const close = () => setAsking(null)
  // No row change announces last uses and numbers of changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the passing of time is the reason to refetch
  useEffect(() => void forget(list_oauth_grants), [now])

  if (granted.isPending) return <Skeleton className="h-32" />
  if (granted.isError) return <ErrorState error={granted.error} onRetry={() => void granted.refetch()} />
  const { grants } = granted.data
  if (!grants.length) {
    return (
      <div className="rounded-lg border border-line border-dashed">
        <EmptyState compact title={t('settings.noAssistants')}>
          {t(enabled ? 'settings.noAssistantsBody' : 'settings.noAssistantsOff')}
        </EmptyState>
      </div>
    )
  }
  return (
    <>
      <ul className="flex flex-col gap-3">
        {grants.map((grant) => (
          <li key={grant.id}>
            <AssistantCard
              grant={grant}
              now={now}
              onLook={() => setAsking({ what: 'changes', grant })}
              onDisconnect={() => setAsking({ what: 'disconnect', grant })}
            />
          </li>
        ))}
      </ul>
      <Dialog
        open={asking?.what === 'changes'}
        onClose={close}
        title={t('settings.changedBy', { name: last?.client_name })}
        wide
      >
        {last && <GrantChanges grantId={last.id} />}
      </Dialog>
      {last && <Disconnect grant={last} open={asking?.what === 'disconnect'} onClose={close} />}
    </>
  )
}

function Disconnect({ grant, open, onClose }: { grant: Grant; open: boolean; onClose(): void }) {
  const { t } = useTranslation()
  const act = useAct()
  const name = grant.client_name

  async function disconnect() {
    if (await act(revoke_oauth_grant, { grantId: grant.id })) tell(t('settings.disconnected', { name }))
    onClose()
    await forget(list_oauth_grants, list_oauth_clients)
  }

  return (
    <AskFirst
      open={open}
      onClose={onClose}
      title={t('settings.disconnectTitle', { name })}
      body={grant.kind === 'machine' ? t('settings.disconnectMachine') : t('settings.disconnectBody')}
      action={t('settings.disconnect')}
      onDo={disconnect}
    />
  )
}
