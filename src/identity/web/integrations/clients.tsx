import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AskFirst } from '../../../ui/design/ask-first.tsx'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { Section } from '../../../ui/design/section.tsx'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { forget } from '../../../ui/query.ts'
import {
  delete_oauth_client,
  list_oauth_clients,
  list_oauth_grants,
  MOST_CLIENTS,
  OAuthClient,
  rotate_oauth_secret,
} from '../../contract/oauth.ts'
import { CLIENT_PRESETS } from '../../contract/presets.ts'
import { useLast } from '../use-last.ts'
import { useOwn } from '../use-own.ts'
import { AddClient } from './add-client.tsx'
import { type Client, ClientCard, type Doing } from './client-card.tsx'
import { EditClient } from './edit-client.tsx'
import { FreshClient, type Shown } from './fresh-client.tsx'

type Asking = { what: 'add' } | { what: Doing; client: Client } | { what: 'secret'; client: Client; shown: Shown }

interface Props {
  /** The URL of `/mcp`; null while nobody can connect, which also prevents adding. */
  url: string | null
}

/** Programs that cannot register themselves, or that log in without a browser. */
export function Clients({ url }: Props) {
  const { t } = useTranslation()
  const listed = useOwn(list_oauth_clients, OAuthClient)
  const [asking, setAsking] = useState<Asking | null>(null)
  const client = useLast(asking && 'client' in asking ? asking.client : null)
  const close = () => setAsking(null)
  const show = (fresh: Shown) => setAsking({ what: 'secret', client: fresh.client, shown: fresh })
  const clients = listed.data?.clients ?? []
  const full = clients.length >= MOST_CLIENTS
  return (
    <Section
      title={t('settings.clients')}
      note={t('settings.clientsNote')}
      action={
        url !== null && (
          <Button
            icon={<Plus size={17} aria-hidden="true" />}
            disabled={full || !listed.isSuccess}
            onClick={() => setAsking({ what: 'add' })}
          >
            {t('settings.addClient')}
          </Button>
        )
      }
    >
      {listed.isPending && <Skeleton className="h-24" />}
      {listed.isError && <ErrorState error={listed.error} onRetry={() => void listed.refetch()} />}
      {listed.isSuccess && !clients.length && <p className="text-ink-faint text-sm">{t('settings.noClients')}</p>}
      {full && <p className="text-ink-soft text-sm">{t('settings.clientsFull', { count: MOST_CLIENTS })}</p>}
      <ul className="flex flex-col gap-3 empty:hidden">
        {clients.map((client) => (
          <li key={client.id}>
            <ClientCard client={client} onDo={(what) => setAsking({ what, client })} />
          </li>
        ))}
      </ul>
      <Dialog
        open={asking?.what === 'add'}
        onClose={close}
        title={t('settings.addClient')}
        description={t('settings.addClientNote')}
        wide
        firm
      >
        <AddClient onMade={show} onClose={close} />
      </Dialog>
      <Dialog open={asking?.what === 'secret'} onClose={close} title={client?.name ?? ''} wide firm>
        {asking?.what === 'secret' && <FreshClient shown={asking.shown} url={url} onDone={close} />}
      </Dialog>
      <Dialog open={asking?.what === 'edit'} onClose={close} title={client?.name ?? ''} wide firm>
        {client && <EditClient client={client} onClose={close} />}
      </Dialog>
      {client && <Confirmations client={client} what={asking?.what ?? null} onClose={close} onSecret={show} />}
    </Section>
  )
}

interface ConfirmationsProps {
  client: Client
  what: Asking['what'] | null
  onClose(): void
  onSecret(client: Shown): void
}

function Confirmations({ client, what, onClose, onSecret }: ConfirmationsProps) {
  const { t } = useTranslation()
  const act = useAct()
  const { name } = client

  async function rotate() {
    const rotated = await act(rotate_oauth_secret, { clientId: client.id })
    if (!rotated) return onClose()
    // The preset is not stored, but most programs keep its name.
    const preset = CLIENT_PRESETS.find((one) => one.name === rotated.client.name)?.id ?? ''
    onSecret({ client: rotated.client, secret: rotated.client_secret, preset })
    await forget(list_oauth_clients, list_oauth_grants)
  }

  async function remove() {
    if (await act(delete_oauth_client, { clientId: client.id })) tell(t('settings.clientDeleted', { name }))
    onClose()
    await forget(list_oauth_clients, list_oauth_grants)
  }

  return (
    <>
      <AskFirst
        open={what === 'rotate'}
        onClose={onClose}
        title={t('settings.rotateTitle', { name })}
        body={t('settings.rotateBody')}
        action={t('settings.newSecret')}
        onDo={rotate}
      />
      <AskFirst
        open={what === 'delete'}
        onClose={onClose}
        title={t('settings.deleteClientTitle', { name })}
        body={t('settings.deleteClientBody')}
        action={t('delete')}
        onDo={remove}
      />
    </>
  )
}
