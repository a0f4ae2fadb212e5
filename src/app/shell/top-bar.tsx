import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { NotificationBell } from '../../features/notifications/web/notification-bell.tsx'
import { Wordmark } from '../../ui/design/wordmark.tsx'
import { useRegistrations } from '../../ui/registration.ts'
import { AccountMenu } from './account-menu.tsx'

const linkClass =
  'flex h-9 items-center gap-2 rounded-sm px-3 font-medium text-ink-soft transition-colors duration-(--fast) hover:bg-hover hover:text-ink aria-[current=page]:text-pine-ink'

/** The bar of all pages except the trip page. */
export function TopBar() {
  const { t } = useTranslation()
  const { links } = useRegistrations()
  return (
    <header className="sticky top-0 z-20 border-line border-b bg-paper">
      <div className="mx-auto flex h-14 max-w-6xl items-center gap-2 px-4 sm:px-6">
        <Link to="/" aria-label={t('home')} className="mr-2 rounded-sm sm:mr-6">
          <Wordmark />
        </Link>
        <nav aria-label={t('nav')} className="flex flex-1 gap-1">
          {links.map(({ to, label, Icon }) => (
            <Link key={to} to={to} activeOptions={{ exact: to === '/' }} className={linkClass}>
              <Icon size={17} aria-hidden="true" />
              <span className="max-sm:sr-only">{t(label)}</span>
            </Link>
          ))}
        </nav>
        <NotificationBell />
        <AccountMenu />
      </div>
    </header>
  )
}

/** A page below the bar. */
export const Page = ({ children }: { children: ReactNode }) => (
  <>
    <TopBar />
    <main id="main" tabIndex={-1} className="mx-auto max-w-6xl px-4 pt-8 pb-20 outline-none sm:px-6">
      {children}
    </main>
  </>
)
