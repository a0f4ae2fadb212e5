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
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    // Only a page of our own: another site must not borrow our log-in.
    typeof search.to === 'string' && /^\/(?![/\\])/.test(search.to) ? { to: search.to } : {},
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

const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  validateSearch: (search: Record<string, unknown>): { tab?: string } =>
    typeof search.tab === 'string' ? { tab: search.tab } : {},
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
})

const admin = createRoute({
  getParentRoute: () => inside,
  path: '/admin',
  component: lazyRouteComponent(() => import('../features/admin/web/admin-page.tsx'), 'AdminPage'),
})

/** What a share link opens: nobody has to log in. */
const shared = createRoute({
  getParentRoute: () => root,
  path: '/shared/$token',
  component: lazyRouteComponent(() => import('./open/public-trip-page.tsx'), 'PublicTripPage'),
  pendingComponent: PendingPage,
})

export const router = createRouter({
  routeTree: root.addChildren([logIn, shared, inside.addChildren([trips, tripRoute, atlas, account, admin])]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
