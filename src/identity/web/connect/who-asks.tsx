import { BadgeCheck, MonitorSmartphone, SquareArrowOutUpRight, UserRoundCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Fold } from '../../../ui/design/fold.tsx'
import { Notice } from '../../../ui/design/notice.tsx'
import type { ConsentRequest } from '../../contract/consent.ts'
import type { Person } from '../../contract/person.ts'

type Client = ConsentRequest['client']

/** The program, the person and the line between them. */
export function Pair({ name, user }: { name: string; user: Person }) {
  return (
    <div className="flex items-center gap-2" aria-hidden="true">
      <span className="title flex size-12 shrink-0 items-center justify-center rounded-md bg-ink text-2xl text-paper">
        {[...name][0]?.toUpperCase()}
      </span>
      <svg
        aria-hidden="true"
        viewBox="0 0 64 12"
        className="h-3 w-16 text-pine-ink"
        fill="none"
        stroke="currentColor"
        strokeLinecap="round"
      >
        <path d="M3 6c8-6 16-4 24 0s20 5 34 0" strokeWidth="2" strokeDasharray="0.5 5" />
      </svg>
      <Avatar name={user.name} userId={user.user_id} size="large" />
    </div>
  )
}

/** The known facts about the program, and the target of the answer. */
export function Facts({ client, isYours, children }: { client: Client; isYours: boolean; children: ReactNode }) {
  const { t } = useTranslation()
  const { source, site, redirect_host, redirect_uri, on_this_machine } = client
  return (
    <dl className="divide-y divide-line rounded-lg border border-line">
      {children}
      <Fact
        icon={on_this_machine ? <MonitorSmartphone size={18} /> : <SquareArrowOutUpRight size={18} />}
        name={t('connect.goesTo')}
      >
        {on_this_machine ? t('connect.thisDevice', { host: redirect_host }) : redirect_host}
        <Fold summary={t('connect.wholeAddress')}>
          <p className="text-ink-soft text-sm">{redirect_uri}</p>
        </Fold>
      </Fact>
      {site && !on_this_machine && (
        <Fact icon={<BadgeCheck size={18} />} name={t('connect.confirmedBy')}>
          {site}
        </Fact>
      )}
      {source === 'settings' && isYours && (
        <Fact icon={<UserRoundCheck size={18} />} name={t('connect.addedBy')}>
          {t('connect.addedByYou')}
        </Fact>
      )}
    </dl>
  )
}

export const Fact = ({ icon, name, children }: { icon: ReactNode; name: string; children: ReactNode }) => (
  <div className="flex flex-col px-4 py-3 sm:flex-row sm:gap-3">
    <dt className="flex shrink-0 gap-3 text-ink-faint sm:w-36">
      <span className="mt-px shrink-0" aria-hidden="true">
        {icon}
      </span>
      {name}
    </dt>
    <dd className="wrap-anywhere min-w-0 flex-1 pl-7.5 sm:pl-0">{children}</dd>
  </div>
)

/** The key of the warning about a program that nobody vouches for; null if no warning is needed. */
function warningFor({ source, on_this_machine }: Client): string | null {
  if (source === 'registered') return on_this_machine ? 'unknownHere' : 'unknown'
  if (on_this_machine) return source === 'document' ? 'anybodyHere' : 'here'
  return null
}

/** Warnings, for people without any background. */
export function Warnings({ client }: { client: Client }) {
  const { t } = useTranslation()
  const { name, redirect_host: host, site, unencrypted } = client
  const warnings = [warningFor(client), unencrypted ? 'unencrypted' : null].filter((warning) => warning !== null)
  return warnings.map((warning) => (
    <Notice key={warning} tone="warning" title={t(`connect.warnings.${warning}.what`, { name, host, site })}>
      {t(`connect.warnings.${warning}.remedy`, { name, host, site })}
    </Notice>
  ))
}
