import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { get_instance, list_addons, update_addon } from '../../../features/admin/contract/index.ts'
import { Button } from '../../../ui/design/button.tsx'
import { CopyButton } from '../../../ui/design/copy-button.tsx'
import { Notice } from '../../../ui/design/notice.tsx'
import { Section } from '../../../ui/design/section.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { forget } from '../../../ui/query.ts'
import { get_mcp_access } from '../../contract/oauth.ts'
import { useMe } from '../session.ts'
import { reachOf } from './reach.ts'

export type Access = Output<typeof get_mcp_access>

/** The URL that an assistant needs and what can prevent a connection; only the latter while nobody can connect. */
export function Endpoint({ access }: { access: Access }) {
  const { t } = useTranslation()
  return (
    <Section title={t('settings.mcp')} note={t('settings.mcpNote')}>
      {access.enabled ? <Address access={access} /> : <SwitchedOff />}
    </Section>
  )
}

function Address({ access }: { access: Access }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4 sm:p-5">
      <div>
        <p className="mb-2 font-medium text-ink-soft text-sm">{t('settings.address')}</p>
        <div className="flex flex-wrap items-center gap-3">
          <code className="wrap-anywhere min-w-0 flex-1 basis-64 select-all rounded-md bg-sunken px-3.5 py-2.5 font-mono text-lg">
            {access.url}
          </code>
          <CopyButton text={access.url} what={t('settings.address')} tone="primary" size="normal" />
        </div>
      </div>
      <p className="text-pretty text-lg">{t('settings.addressNote')}</p>
      {!access.is_public && <Notice tone="warning">{t('settings.noAppUrl')}</Notice>}
      {access.is_public && reachOf(access.url) === 'plain' && (
        <Notice tone="warning">{t('settings.plainAppUrl')}</Notice>
      )}
    </div>
  )
}

function SwitchedOff() {
  const { t } = useTranslation()
  const me = useMe()
  const act = useAct()
  const [busy, setBusy] = useState(false)

  async function switchOn() {
    setBusy(true)
    if (await act(update_addon, { name: 'mcp', enabled: true })) tell(t('settings.switchedOn'))
    await forget(get_mcp_access, get_instance, list_addons)
    setBusy(false)
  }

  if (me.role !== 'admin') return <Notice tone="warning">{t('settings.offAsk')}</Notice>
  return (
    <Notice
      tone="warning"
      action={
        <Button tone="primary" size="small" busy={busy} onClick={() => void switchOn()}>
          {t('settings.switchOn')}
        </Button>
      }
    >
      {t('settings.off')}
    </Notice>
  )
}
