import { AppWindow, KeyRound, MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { calendarDay } from '../../../ui/dates.ts'
import { Badge } from '../../../ui/design/badge.tsx'
import { CopyButton } from '../../../ui/design/copy-button.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem, MenuLine } from '../../../ui/design/menu.tsx'
import type { list_oauth_clients } from '../../contract/oauth.ts'
import { ScopeFold } from './scope-fold.tsx'

export type Client = Output<typeof list_oauth_clients>['clients'][number]

export type Doing = 'edit' | 'rotate' | 'delete'

/** A program that was added. */
export function ClientCard({ client, onDo }: { client: Client; onDo(doing: Doing): void }) {
  const { t } = useTranslation()
  return (
    <article className="rounded-lg border border-line bg-surface p-4" aria-label={client.name}>
      <div className="flex items-start gap-3.5">
        <AppWindow size={20} aria-hidden="true" className="mt-1 shrink-0 text-ink-faint" />
        <div className="min-w-0 flex-1">
          <h3 className="wrap-anywhere flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold text-lg">
            {client.name}
            {client.machine && <Badge>{t('settings.machineBadge')}</Badge>}
            {client.public_keys && <Badge>{t('settings.keysBadge')}</Badge>}
          </h3>
          <p className="text-ink-soft text-sm">{t('settings.addedOn', { date: calendarDay(client.created_at) })}</p>
        </div>
        <Menu
          trigger={
            <IconButton label={t('settings.clientMenu', { name: client.name })} size="small">
              <MoreHorizontal size={17} aria-hidden="true" />
            </IconButton>
          }
        >
          <MenuItem icon={<Pencil size={16} />} onSelect={() => onDo('edit')}>
            {t('edit')}
          </MenuItem>
          {!client.public_keys && (
            <MenuItem icon={<KeyRound size={16} />} onSelect={() => onDo('rotate')}>
              {t('settings.newSecret')}
            </MenuItem>
          )}
          <MenuLine />
          <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => onDo('delete')}>
            {t('delete')}
          </MenuItem>
        </Menu>
      </div>
      <dl className="mt-3 flex flex-col gap-2 sm:pl-8.5">
        <div>
          <dt className="text-ink-faint text-sm">{t('settings.clientId')}</dt>
          <dd className="flex items-center gap-1 sm:-my-1">
            <code className="wrap-anywhere min-w-0 select-all font-mono text-sm">{client.client_id}</code>
            <CopyButton text={client.client_id} what={t('settings.clientId')} tone="plain" />
          </dd>
        </div>
        {client.redirect_uris.length > 0 && (
          <div>
            <dt className="text-ink-faint text-sm">{t('settings.redirects')}</dt>
            {client.redirect_uris.map((uri) => (
              <dd key={uri} className="wrap-anywhere text-sm">
                {uri}
              </dd>
            ))}
          </div>
        )}
      </dl>
      <div className="mt-1 sm:pl-8.5">
        <ScopeFold scopes={client.scopes} />
      </div>
    </article>
  )
}
