import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { TripsPage } from '../features/trips/web/trips-page.tsx'
import { LogInPage } from './account/log-in-page.tsx'
import { isOwnPage } from './own-page.ts'
import { isPart, type TripPart } from './planner/parts.tsx'
import { queries } from './query.ts'
import { whoAmI } from './session.ts'
import { FailedPage, MissingPage, PendingPage } from './shell/fallback-pages.tsx'
import { Frame } from './shell/frame.tsx'

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

const trips = createRoute({
  getParentRoute: () => inside,
  path: '/',
  validateSearch: (search: Record<string, unknown>): { create?: boolean } => (search.create ? { create: true } : {}),
  component: TripsPage,
})

export const tripRoute = createRoute({
  getParentRoute: () => inside,
  path: '/trips/$tripId',
  validateSearch: (search: Record<string, unknown>): { part?: TripPart } =>
    isPart(search.part) ? { part: search.part } : {},
  component: lazyRouteComponent(() => import('./planner/trip-page.tsx'), 'TripPage'),
  pendingComponent: PendingPage,
})

const atlas = createRoute({
  getParentRoute: () => inside,
  path: '/atlas',
  component: lazyRouteComponent(() => import('../features/atlas/web/atlas-page.tsx'), 'AtlasPage'),
  pendingComponent: PendingPage,
})

const openTab = (search: Record<string, unknown>): { tab?: string } =>
  typeof search.tab === 'string' ? { tab: search.tab } : {}

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  validateSearch: openTab,
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
  pendingComponent: PendingPage,
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
  getParentRoute: () => inside,
  path: '/admin',
  validateSearch: openTab,
  component: lazyRouteComponent(() => import('../features/admin/web/admin-page.tsx'), 'AdminPage'),
})

/** What a share link opens: nobody has to log in. */
const shared = createRoute({
  getParentRoute: () => root,
  path: '/shared/$token',
  component: lazyRouteComponent(() => import('./open/public-trip-page.tsx'), 'PublicTripPage'),
  pendingComponent: PendingPage,
})

/** Where an assistant asks for access; whoever is not logged in comes back here after it. */
const consent = createRoute({
  getParentRoute: () => root,
  path: '/oauth/consent/$uid',
  component: lazyRouteComponent(() => import('./connect/consent-page.tsx'), 'ConsentPage'),
})

const connectProblem = createRoute({
  getParentRoute: () => root,
  path: '/oauth/problem',
  validateSearch: (search: Record<string, unknown>): { error?: string } =>
    typeof search.error === 'string' ? { error: search.error } : {},
  component: lazyRouteComponent(() => import('./connect/problem-page.tsx'), 'ProblemPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    logIn,
    shared,
    consent,
    connectProblem,
    inside.addChildren([trips, tripRoute, atlas, settings, account, admin]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
