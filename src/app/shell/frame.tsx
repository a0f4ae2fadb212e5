import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { get_instance } from '../../features/admin/contract/index.ts'
import { useMe, whoAmI } from '../../identity/web/session.ts'
import { Announcer } from '../../ui/live/announcer.tsx'
import { LiveProvider } from '../../ui/live/hooks.tsx'
import { forget, queries } from '../../ui/query.ts'
import { Shortcuts } from './shortcuts.tsx'

/** The add-ons of this server may have changed. */
const onReset = () => void forget(get_instance)

/** The frame around every page of a logged-in person. */
export function Frame() {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const here = useRouterState({ select: (state) => state.location.href })
  const onLoggedOut = useCallback(() => {
    queries.clear()
    void navigate({ to: '/login', search: { to: here } })
  }, [navigate, here])
  const onDoubt = useCallback(async () => {
    const still = await queries.fetchQuery({ ...whoAmI, staleTime: 0 }).catch(() => undefined)
    if (still === null) onLoggedOut()
  }, [onLoggedOut])
  return (
    <LiveProvider me={me.id} onLoggedOut={onLoggedOut} onDoubt={onDoubt} onReset={onReset}>
      <a
        href="#main"
        className="-translate-y-16 fixed top-2 left-2 z-70 rounded-md bg-pine px-4 py-2 font-medium text-on-pine focus:translate-y-0"
      >
        {t('skip')}
      </a>
      <Outlet />
      <Announcer />
      <Shortcuts />
    </LiveProvider>
  )
}
