import type { UseQueryOptions } from '@tanstack/react-query'
import type { AsyncRouteComponent } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import { type ComponentType, createContext, useContext } from 'react'
import type { Later } from './later.ts'

/**
 * What a feature adds to the app: `export const registration: Registration` in its `web/register.ts`, which the app
 * finds by its name. It is part of the first load, so its components load when they are shown (`later`). A `label` is
 * the key of a text.
 */
export interface Registration {
  readonly tabs?: readonly TripTab[]
  readonly commands?: readonly Command[]
  readonly found?: readonly FoundCommands[]
  readonly settings?: readonly Panel[]
  readonly admin?: readonly Panel[]
  readonly publicSections?: readonly PublicSection[]
  readonly pages?: readonly FeaturePage[]
  readonly links?: readonly BarLink[]
  /** The icon of each notification event. */
  readonly news?: Readonly<Record<string, LucideIcon>>
}

/** The place in a list, lowest first; neighbours are ten apart, so that another fits between them. */
interface Placed {
  readonly order: number
}

/** A part of the trip page. */
export interface TripTab extends Placed {
  /** Its name in the address. */
  readonly part: string
  readonly label: string
  readonly Icon: LucideIcon
  /** The add-on it requires. */
  readonly addon?: string
  /** A mark beside its name, such as a count of unread items. */
  readonly Mark?: ComponentType
  /** Its page; the trip page itself lays out the plan, the map and the places. */
  readonly Page?: Later<object>
  /** Whether it is a tab only on a phone; on a wide screen it is beside the plan. */
  readonly phoneOnly?: true
}

/** A page of the app, and the search parameters of its address. */
export interface Target {
  readonly to: string
  readonly search?: Readonly<Record<string, string | boolean>>
}

/** An entry of the command palette: a page, or an action. */
export type Command = OpenPage | DoAtOnce

interface Offered extends Placed {
  readonly id: string
  readonly Icon: LucideIcon
  readonly adminOnly?: true
}

interface OpenPage extends Offered {
  readonly label: string
  readonly opens: Target
  /** Whether it is also in the account menu. */
  readonly inAccountMenu?: true
}

interface DoAtOnce extends Offered {
  /** A function if it depends on the state when the palette opens. */
  readonly label: string | (() => string)
  run(): void
  readonly inAccountMenu?: never
}

/** Commands made from answers of the server, such as one for each trip; they come before all others. */
export interface FoundCommands extends Placed {
  readonly query: UseQueryOptions<unknown, Error, readonly FoundCommand[]>
}

export interface FoundCommand {
  readonly id: string
  /** The text itself. */
  readonly name: string
  readonly Icon: LucideIcon
  readonly opens: Target
}

/** A tab of the settings or of the administration. */
export interface Panel extends Placed {
  /** Its name in the address. */
  readonly value: string
  readonly label: string
  readonly adminOnly?: true
  readonly Panel: Later<object>
}

/** A section of the page that a share link opens; made by `publicSection` of the feature sharing. */
export interface PublicSection<Shown = never> extends Placed {
  /** Its name in the address. */
  readonly id: string
  readonly label: string
  /** Whether the link shows any of it. */
  isIn(trip: Shown): boolean
  readonly Section: Later<{ trip: Shown }>
}

/** A page with its own address. */
export interface FeaturePage {
  readonly path: string
  /** Below the bar for logged-in people, or bare for everybody. */
  readonly frame: 'bar' | 'bare'
  /** Parses its search parameters. */
  search?(search: Record<string, unknown>): object
  readonly component: AsyncRouteComponent<object>
}

/** A link in the bar above the pages. */
export interface BarLink extends Placed {
  readonly to: string
  readonly label: string
  readonly Icon: LucideIcon
}

type Registrations = Required<Registration>

/** All lists, each in order. */
export function gather(all: readonly Registration[]): Registrations {
  const listed = <T extends Placed>(of: (one: Registration) => readonly T[] | undefined): readonly T[] =>
    all.flatMap((one) => of(one) ?? []).sort((a, b) => a.order - b.order)
  return {
    tabs: listed((one) => one.tabs),
    commands: listed((one) => one.commands),
    found: listed((one) => one.found),
    settings: listed((one) => one.settings),
    admin: listed((one) => one.admin),
    publicSections: listed((one) => one.publicSections),
    links: listed((one) => one.links),
    pages: all.flatMap((one) => one.pages ?? []),
    news: Object.assign({}, ...all.map((one) => one.news)),
  }
}

/** The app, which knows all features, provides their registrations to components that list them. */
export const RegistrationsContext = createContext<Registrations>(gather([]))
export const useRegistrations = (): Registrations => useContext(RegistrationsContext)
