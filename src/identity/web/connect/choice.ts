import type { ConsentRequest } from '../../contract/consent.ts'

export type AskedScope = ConsentRequest['scopes'][number]

/** The scopes of one part of the product. */
export interface ScopeGroup {
  readonly name: string
  readonly scopes: readonly AskedScope[]
}

/** In the order of the request; the server keeps the scopes of a group together. */
export function groupsOf(scopes: readonly AskedScope[]): ScopeGroup[] {
  const groups = new Map<string, AskedScope[]>()
  for (const scope of scopes) groups.set(scope.group, [...(groups.get(scope.group) ?? []), scope])
  return [...groups].map(([name, of]) => ({ name, scopes: of }))
}

/** Whether a scope permits permanent deletion. */
export const isForGood = (scope: string): boolean => scope.endsWith(':delete')

/** The initial choice: everything except permanent deletion, which a person must choose. */
export function usualChoice(scopes: readonly AskedScope[]): ReadonlySet<string> {
  const names = scopes.map(({ scope }) => scope)
  const harmless = names.filter((scope) => !isForGood(scope))
  return new Set(harmless.length ? harmless : names)
}

/** How much of a group is ticked. Permanent deletion does not count towards all: it is only ever ticked separately. */
export function ticked({ scopes }: ScopeGroup, chosen: ReadonlySet<string>): 'all' | 'some' | 'none' {
  if (!scopes.some(({ scope }) => chosen.has(scope))) return 'none'
  return scopes.every(({ scope }) => chosen.has(scope) || isForGood(scope)) ? 'all' : 'some'
}

/** The choice with or without this scope. */
export function withTick(chosen: ReadonlySet<string>, scope: string, on: boolean): ReadonlySet<string> {
  const next = new Set(chosen)
  if (on) next.add(scope)
  else next.delete(scope)
  return next
}

/** The choice with or without a whole group. Permanent deletion is only ever removed with its group. */
export const withGroup = (chosen: ReadonlySet<string>, { scopes }: ScopeGroup, on: boolean): ReadonlySet<string> =>
  scopes.filter(({ scope }) => !on || !isForGood(scope)).reduce((next, { scope }) => withTick(next, scope, on), chosen)
