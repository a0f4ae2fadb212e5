import {
  type AnyRoute,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { LogInPage } from '../identity/web/log-in-page.tsx'
import { whoAmI } from '../identity/web/session.ts'
import { BASE_PATH } from '../ui/base-path.ts'
import { PageSkeleton } from '../ui/design/states.tsx'
import { openTab } from '../ui/open-tab.ts'
import { isOwnPage } from '../ui/own-page.ts'
import { queries } from '../ui/query.ts'
import type { FeaturePage } from '../ui/registration.ts'
import { registrations } from './registrations.ts'
import { FailedPage, MissingPage, PendingPage } from './shell/fallback-pages.tsx'
import { Frame } from './shell/frame.tsx'
import { Page } from './shell/top-bar.tsx'
import { openPart } from './trip/open-part.ts'

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: MissingPage,
  errorComponent: FailedPage,
})

const logIn = createRoute({
  getParentRoute: () => root,
  path: '/login',
  // Only our own pages, so that no other site borrows our log-in. Undefined, or the raw value would stay.
  validateSearch: ({ to }: Record<string, unknown>): { to?: string | undefined } => ({
    to: isOwnPage(to) ? to : undefined,
  }),
  component: LogInPage,
})

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ location }) => {
    if (await queries.ensureQueryData(whoAmI)) return
    throw redirect({ to: '/login', search: location.href === '/' ? {} : { to: location.href } })
  },
  component: Frame,
  pendingComponent: PendingPage,
  errorComponent: FailedPage,
})

/** The pages below the bar: all except the trip page, which needs the room. */
const bar = createRoute({
  getParentRoute: () => inside,
  id: 'bar',
  component: () => (
    <Page>
      <Outlet />
    </Page>
  ),
})

export const tripRoute = createRoute({
  getParentRoute: () => inside,
  path: '/trips/$tripId',
  validateSearch: openPart,
  component: lazyRouteComponent(() => import('./trip/trip-page.tsx'), 'TripPage'),
  pendingComponent: PendingPage,
})

const settings = createRoute({
  getParentRoute: () => bar,
  path: '/settings',
  validateSearch: openTab,
  component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
  pendingComponent: PageSkeleton,
})

/** The former address of the settings, for bookmarks. */
const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  validateSearch: openTab,
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/settings', search, replace: true })
  },
})

/** A tab by the address that guides use, like /settings/integrations. */
const settingsTab = createRoute({
  getParentRoute: () => inside,
  path: '/settings/$tab',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/settings', search: { tab: params.tab }, replace: true })
  },
})

/** Where an assistant asks for access; people who have to log in come back here afterwards. */
const consent = createRoute({
  getParentRoute: () => root,
  path: '/oauth/consent/$uid',
  component: lazyRouteComponent(() => import('../identity/web/connect/consent-page.tsx'), 'ConsentPage'),
})

const connectProblem = createRoute({
  getParentRoute: () => root,
  path: '/oauth/problem',
  validateSearch: (search: Record<string, unknown>): { error?: string } =>
    typeof search.error === 'string' ? { error: search.error } : {},
  component: lazyRouteComponent(() => import('../identity/web/connect/problem-page.tsx'), 'ProblemPage'),
})

/** The pages that features register. */
const pagesIn = (frame: FeaturePage['frame'], parent: AnyRoute, pendingComponent: () => ReactNode) =>
  registrations.pages
    .filter((page) => page.frame === frame)
    .map(({ path, search, component }) =>
      createRoute({
        getParentRoute: () => parent,
        path,
        component,
        pendingComponent,
        ...(search && { validateSearch: search }),
      }),
    )

// The types know only the app's own pages, which is enough to check links to those; features add theirs at run time.
const barred = [settings, ...pagesIn('bar', bar, PageSkeleton)] as unknown as readonly [typeof settings]
const bare = [logIn, consent, connectProblem, ...pagesIn('bare', root, PendingPage)] as unknown as readonly [
  typeof logIn,
  typeof consent,
  typeof connectProblem,
]

export const router = createRouter({
  routeTree: root.addChildren([
    ...bare,
    inside.addChildren([bar.addChildren(barred), tripRoute, account, settingsTab]),
  ]),
  basepath: BASE_PATH || '/',
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
