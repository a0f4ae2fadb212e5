import type { UseQueryOptions } from '@tanstack/react-query'
import type { AsyncRouteComponent } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import { type ComponentType, createContext, useContext } from 'react'
import type { Later } from './later.ts'

/**
 * What a feature adds to the app: `export const registration: Registration` in its `web/register.ts`, which the app finds by
 * its name. It is loaded with the first page, so the components in it are loaded when they are shown (`later`).
 * A `label` is the key of a text.
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
  /** The icon of each event that people are notified of. */
  readonly news?: Readonly<Record<string, LucideIcon>>
}

/** The place in a list, the lowest first; neighbours are ten apart, so that another fits between them. */
interface Placed {
  readonly order: number
}

/** A part of the trip page. */
export interface TripTab extends Placed {
  /** Its name in the address. */
  readonly part: string
  readonly label: string
  readonly Icon: LucideIcon
  /** The add-on without which it is not there. */
  readonly addon?: string
  /** What waits in it, as a mark beside its name. */
  readonly Mark?: ComponentType
  /** Its page; the plan, the map and the places are laid out by the trip page itself. */
  readonly Page?: Later<object>
  /** Whether it is a tab on a phone alone; on a desk it stands beside the plan. */
  readonly phoneOnly?: true
}

/** A page of the app, and what stands after the question mark of its address. */
export interface Target {
  readonly to: string
  readonly search?: Readonly<Record<string, string | boolean>>
}

/** What the command palette offers: a page, or something done at once. */
export type Command = OpenPage | DoAtOnce

interface Offered extends Placed {
  readonly id: string
  readonly Icon: LucideIcon
  readonly adminOnly?: true
}

interface OpenPage extends Offered {
  readonly label: string
  readonly opens: Target
  /** Whether the account menu has it too. */
  readonly inAccountMenu?: true
}

interface DoAtOnce extends Offered {
  /** A function where it depends on what is the case when the palette opens. */
  readonly label: string | (() => string)
  run(): void
  readonly inAccountMenu?: never
}

/** Commands made of what the server answers, such as one for each trip; they stand before all others. */
export interface FoundCommands extends Placed {
  readonly query: UseQueryOptions<unknown, Error, readonly FoundCommand[]>
}

export interface FoundCommand {
  readonly id: string
  /** The words themselves. */
  readonly name: string
  readonly Icon: LucideIcon
  readonly opens: Target
}

/** A tab of the settings, or of the administration. */
export interface Panel extends Placed {
  /** Its name in the address. */
  readonly value: string
  readonly label: string
  readonly adminOnly?: true
  readonly Panel: Later<object>
}

/** A section of the page that a share link opens; made by `publicSection` of the feature sharing, which knows what a link shows. */
export interface PublicSection<Shown = never> extends Placed {
  /** Its name in the address. */
  readonly id: string
  readonly label: string
  /** Whether the link shows anything of it. */
  isIn(shown: Shown): boolean
  readonly Section: Later<{ trip: Shown }>
}

/** A page with an address of its own. */
export interface FeaturePage {
  readonly path: string
  /** Below the bar for those who are logged in, or bare for everybody. */
  readonly frame: 'bar' | 'bare'
  /** What it takes from after the question mark. */
  search?(given: Record<string, unknown>): object
  readonly component: AsyncRouteComponent<object>
}

/** A link in the bar above the pages. */
export interface BarLink extends Placed {
  readonly to: string
  readonly label: string
  readonly Icon: LucideIcon
}

type Registrations = Required<Registration>

/** All lists, each in its order. */
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

/** The app, which knows all features, hands their registrations to whoever shows a list of them. */
export const RegistrationsContext = createContext<Registrations>(gather([]))
export const useRegistrations = (): Registrations => useContext(RegistrationsContext)
