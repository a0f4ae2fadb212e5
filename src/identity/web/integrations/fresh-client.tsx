import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { CopyButton } from '../../../ui/design/copy-button.tsx'
import { DialogActions } from '../../../ui/design/dialog.tsx'
import { Notice } from '../../../ui/design/notice.tsx'
import { Select } from '../../../ui/design/select.tsx'
import type { Client } from './client-card.tsx'
import { machineRecipe, PROGRAMS, type ProgramId, recipeFor, tokenEndpointOf } from './programs.ts'
import { Steps } from './steps.tsx'

/** A client with its secret, which is available only now. */
export interface Shown {
  readonly client: Client
  /** Null if it authenticates with keys. */
  readonly secret: string | null
  /** The chosen preset. */
  readonly preset: string
}

interface Props {
  shown: Shown
  /** The URL of `/mcp`; null while nobody can connect. */
  url: string | null
  onDone(): void
}

/** What a program needs to connect as a client, including the secret, which is never shown again. */
export function FreshClient({ shown: { client, secret, preset }, url, onDone }: Props) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-5">
      {secret !== null && <Notice tone="warning">{t('settings.secretOnce')}</Notice>}
      <dl className="flex flex-col gap-4">
        <Value name={t('settings.clientId')} value={client.client_id} />
        {secret !== null && <Value name={t('settings.clientSecret')} value={secret} />}
        {url !== null && <Value name={t('settings.tokenEndpoint')} value={tokenEndpointOf(url)} />}
      </dl>
      {secret === null && <p className="text-ink-soft">{t('settings.signsWithKeys')}</p>}
      {secret !== null && url !== null && <Use client={client} secret={secret} preset={preset} url={url} />}
      <DialogActions>
        <Button tone="primary" onClick={onDone}>
          {t('settings.keptIt')}
        </Button>
      </DialogActions>
    </div>
  )
}

function Value({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="mb-1 font-medium text-sm">{name}</dt>
      <dd className="flex items-center gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3">
        <code className="wrap-anywhere min-w-0 flex-1 select-all font-mono text-sm">{value}</code>
        <CopyButton text={value} what={name} tone="plain" />
      </dd>
    </div>
  )
}

const BY_ITSELF = 'machine'

/** What to paste where, for the chosen program. */
function Use({ client, secret, preset, url }: { client: Client; secret: string; preset: string; url: string }) {
  const { t } = useTranslation()
  const browser = client.redirect_uris.length > 0
  const suggested = PROGRAMS.find(({ id }) => id === preset)?.id ?? 'other'
  const [program, setProgram] = useState<ProgramId | typeof BY_ITSELF>(client.machine ? BY_ITSELF : suggested)
  const credentials = { client_id: client.client_id, client_secret: secret }
  return (
    <section aria-label={t('settings.useClient')} className="flex flex-col gap-4 border-line border-t pt-5">
      <Select
        label={t('settings.useClient')}
        value={program}
        choices={[
          ...(client.machine ? [{ value: BY_ITSELF, label: t('settings.machine') } as const] : []),
          ...(browser
            ? PROGRAMS.map(({ id, name }) => ({ value: id, label: name ?? t('settings.otherProgram') }))
            : []),
        ]}
        onChange={setProgram}
      />
      <Steps recipe={program === BY_ITSELF ? machineRecipe(url, credentials) : recipeFor(program, url, credentials)} />
    </section>
  )
}
