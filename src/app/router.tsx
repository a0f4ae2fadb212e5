import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { TripsPage } from '../features/trips/web/trips-page.tsx'
import { LogInPage } from '../identity/web/log-in-page.tsx'
import { whoAmI } from '../identity/web/session.ts'
import { PageSkeleton } from '../ui/design/states.tsx'
import { isOwnPage } from '../ui/own-page.ts'
import { queries } from '../ui/query.ts'
import { FailedPage, MissingPage, PendingPage } from './shell/fallback-pages.tsx'
import { Frame } from './shell/frame.tsx'
import { Page } from './shell/top-bar.tsx'
import { isPart, type TripPart } from './trip/parts.tsx'

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: MissingPage,
  errorComponent: FailedPage,
})

const logIn = createRoute({
  getParentRoute: () => root,
  path: '/login',
  // Only a page of our own: another site must not borrow our log-in. Undefined, since what is left out stays as it came.
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

/** The pages below the bar: all but one trip, which needs the room. */
const bar = createRoute({
  getParentRoute: () => inside,
  id: 'bar',
  component: () => (
    <Page>
      <Outlet />
    </Page>
  ),
})

const trips = createRoute({
  getParentRoute: () => bar,
  path: '/',
  validateSearch: (search: Record<string, unknown>): { create?: boolean } => (search.create ? { create: true } : {}),
  component: TripsPage,
})

export const tripRoute = createRoute({
  getParentRoute: () => inside,
  path: '/trips/$tripId',
  validateSearch: (search: Record<string, unknown>): { part?: TripPart } =>
    isPart(search.part) ? { part: search.part } : {},
  component: lazyRouteComponent(() => import('./trip/trip-page.tsx'), 'TripPage'),
  pendingComponent: PendingPage,
})

const atlas = createRoute({
  getParentRoute: () => bar,
  path: '/atlas',
  component: lazyRouteComponent(() => import('../features/atlas/web/atlas-page.tsx'), 'AtlasPage'),
  pendingComponent: PageSkeleton,
})

const openTab = (search: Record<string, unknown>): { tab?: string } =>
  typeof search.tab === 'string' ? { tab: search.tab } : {}

const settings = createRoute({
  getParentRoute: () => bar,
  path: '/settings',
  validateSearch: openTab,
  component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
  pendingComponent: PageSkeleton,
})

/** Where settings were found before, for bookmarks. */
const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  validateSearch: openTab,
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/settings', search, replace: true })
  },
})

const admin = createRoute({
  getParentRoute: () => bar,
  path: '/admin',
  validateSearch: openTab,
  component: lazyRouteComponent(() => import('../features/admin/web/admin-page.tsx'), 'AdminPage'),
})

/** What a share link opens: nobody has to log in. */
const shared = createRoute({
  getParentRoute: () => root,
  path: '/shared/$token',
  component: lazyRouteComponent(() => import('../features/sharing/web/public/public-trip-page.tsx'), 'PublicTripPage'),
  pendingComponent: PendingPage,
})

/** Where an assistant asks for access; whoever is not logged in comes back here after it. */
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

export const router = createRouter({
  routeTree: root.addChildren([
    logIn,
    shared,
    consent,
    connectProblem,
    inside.addChildren([bar.addChildren([trips, atlas, settings, admin]), tripRoute, account]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
