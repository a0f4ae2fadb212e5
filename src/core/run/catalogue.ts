import type { CanSee, Space } from '../data/space.ts'
import { type Addon, type AnyOperation, administration, type Permission, type Resource } from '../declare/operation.ts'
import { choicesOf } from './bounds.ts'
import type { BoundEntity, BoundPrompt, Completion, Feature, Handler, HookListener, Prepared } from './feature.ts'
import { settingsFeature } from './settings.ts'

/** An operation with its handler. */
export interface BoundOperation {
  readonly operation: AnyOperation
  readonly feature: string
  readonly handle: Handler<AnyOperation>
  readonly prepare: Prepared<AnyOperation, unknown>['prepare'] | null
  /** Opens the bytes of its answer, if it answers with a file; null for uploaded files. */
  readonly opens: NonNullable<Feature['opens']> | null
  /** The space it works in, if its input names one; null for the caller's own rows and the instance. */
  readonly space: Space | null
}

/** An entity with the feature that owns its rows. */
export interface OwnedEntity extends BoundEntity {
  readonly feature: string
  readonly addon: Addon | undefined
}

/** The rights required by the write operations of a feature. */
export interface Right {
  readonly scope: AnyOperation['scope']
  readonly permission: Permission | undefined
}

export interface BoundResource {
  readonly resource: Resource
  readonly operation: BoundOperation
}

const isKind =
  <T>(kind: string) =>
  (value: unknown): value is T =>
    typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === kind

/** Everything the product can do, built once from its features. Transports iterate over it and never name a feature. */
export class Catalogue {
  readonly features: readonly Feature[]
  readonly operations = new Map<string, BoundOperation>()
  readonly resources: BoundResource[] = []
  readonly prompts: BoundPrompt[] = []
  readonly entities = new Map<string, OwnedEntity>()
  readonly spaces = new Map<string, Space>()
  readonly permissions = new Map<string, Permission>()
  readonly addons = new Map<string, Addon>()
  /** By argument name. */
  readonly completions = new Map<string, Completion>()
  readonly #listeners = new Map<string, HookListener[]>()
  readonly #rights = new Map<string, Right | null>()

  /** Features in the order of dependence, the most basic first. */
  constructor(features: readonly Feature[], addons: readonly Addon[] = []) {
    this.features = [settingsFeature, ...features]
    for (const addon of addons) this.addons.set(addon.name, addon)
    for (const feature of this.features) for (const space of feature.spaces ?? []) this.spaces.set(space.name, space)
    for (const feature of this.features) this.#add(feature)
  }

  /** The operation with this name, or undefined. */
  operation(name: string): BoundOperation | undefined {
    return this.operations.get(name)
  }

  /** A similar operation that accepts a value which this one rejects: a flight is no reservation, but a transport. */
  taker({ feature, operation }: BoundOperation, argument: string, value: string): string | undefined {
    const takes = (other: BoundOperation) =>
      other.feature === feature &&
      other.operation.effect === operation.effect &&
      operation.expose.every((way) => other.operation.expose.includes(way)) &&
      choicesOf(other.operation.input.shape[argument])?.includes(value)
    return [...this.operations.values()].find(takes)?.operation.name
  }

  /** The visibility rule of an entity. */
  canSee(entity: string): CanSee | undefined {
    return this.entities.get(entity)?.canSee
  }

  /** The entities whose rows are shared in spaces of this name, with the field that contains the id of the space. */
  entitiesOf(space: string): (BoundEntity & { addon: Addon | undefined; key: string | null })[] {
    return [...this.entities.values()].flatMap((bound) => {
      const { entity } = bound
      if (entity.space === space) return [{ ...bound, key: entity.spaceKey }]
      return entity.also?.space === space ? [{ ...bound, key: entity.also.key }] : []
    })
  }

  /** The rights required by all operations that write rows of this feature in a space; null if they differ. */
  rightOf(feature: string): Right | null {
    const cached = this.#rights.get(feature)
    if (cached !== undefined) return cached
    const rights = [...this.operations.values()].flatMap(({ operation, feature: of, space }): Right[] => {
      const { effect, scope, permission } = operation
      if (of !== feature || effect === 'read' || !space || typeof permission === 'function') return []
      return permission === administration ? [] : [{ scope, permission }]
    })
    const [first = null] = rights
    const right = rights.every((one) => one.permission === first?.permission && one.scope === first?.scope)
      ? first
      : null
    this.#rights.set(feature, right)
    return right
  }

  listenersOf(hook: { name: string; dependentsFirst: boolean }): readonly HookListener[] {
    const listeners = this.#listeners.get(hook.name) ?? []
    return hook.dependentsFirst ? listeners.toReversed() : listeners
  }

  #add(feature: Feature): void {
    // Sorted, like a module namespace, so that every list has a stable order.
    const declared = Object.entries(feature.contract)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, value]) => value)
    for (const addon of declared.filter(isKind<Addon>('addon'))) this.addons.set(addon.name, addon)
    for (const operation of declared.filter(isKind<AnyOperation>('operation'))) this.#bind(feature, operation)
    for (const resource of declared.filter(isKind<Resource>('resource'))) {
      const operation = this.operations.get(resource.read.name)
      if (!operation) throw new Error(`${resource.uri} reads ${resource.read.name}, which no feature has yet`)
      this.resources.push({ resource, operation })
    }
    for (const permission of declared.filter(isKind<Permission>('permission'))) {
      this.permissions.set(permission.name, permission)
    }
    for (const bound of feature.entities ?? []) {
      unique(this.entities, bound.entity.name, 'entity')
      this.entities.set(bound.entity.name, { ...bound, feature: feature.name, addon: bound.addon ?? feature.addon })
    }
    this.prompts.push(...(feature.prompts ?? []))
    for (const completion of feature.completions ?? []) {
      unique(this.completions, completion.argument, 'completion')
      this.completions.set(completion.argument, completion)
    }
    for (const listener of feature.listeners ?? []) {
      const listeners = this.#listeners.get(listener.hook.name)
      if (listeners) listeners.push(listener)
      else this.#listeners.set(listener.hook.name, [listener])
    }
  }

  #bind(feature: Feature, operation: AnyOperation): void {
    unique(this.operations, operation.name, 'operation')
    const route = `${operation.method} ${operation.path.replace(/:\w+/g, ':')}`
    for (const other of this.operations.values()) {
      if (`${other.operation.method} ${other.operation.path.replace(/:\w+/g, ':')}` === route) {
        throw new Error(`${operation.name} and ${other.operation.name} have the same route ${route}`)
      }
    }
    const handler = feature.handlers[operation.name] as
      | Handler<AnyOperation>
      | Prepared<AnyOperation, unknown>
      | undefined
    if (!handler) throw new Error(`${feature.name} has no handler for ${operation.name}`)
    const keys = Object.keys(operation.input.shape)
    const spaceKey = keys.find((key) => [...this.spaces.values()].some((space) => space.key === key))
    this.operations.set(operation.name, {
      operation,
      feature: feature.name,
      handle: typeof handler === 'function' ? handler : handler.handle,
      prepare: typeof handler === 'function' ? null : handler.prepare,
      opens: feature.opens ?? null,
      space: [...this.spaces.values()].find((space) => space.key === spaceKey) ?? null,
    })
  }
}

function unique(byName: ReadonlyMap<string, unknown>, name: string, kind: string): void {
  if (byName.has(name)) throw new Error(`There are two ${kind}s named ${name}`)
}
