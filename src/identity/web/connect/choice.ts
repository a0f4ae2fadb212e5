import type { Asked } from '../../contract/consent.ts'

export type AskedScope = Asked['scopes'][number]

/** The scopes of one part of the product. */
export interface ScopeGroup {
  readonly name: string
  readonly scopes: readonly AskedScope[]
}

/** In the order in which they are asked for; the server keeps the scopes of a group together. */
export function groupsOf(scopes: readonly AskedScope[]): ScopeGroup[] {
  const groups = new Map<string, AskedScope[]>()
  for (const scope of scopes) groups.set(scope.group, [...(groups.get(scope.group) ?? []), scope])
  return [...groups].map(([name, of]) => ({ name, scopes: of }))
}

/** Whether what is granted lets a program remove what nobody can bring back. */
export const isForGood = (scope: string): boolean => scope.endsWith(':delete')

/** What is ticked at first: all of it but deleting for good, which somebody has to want. */
export function usualChoice(scopes: readonly AskedScope[]): ReadonlySet<string> {
  const names = scopes.map(({ scope }) => scope)
  const harmless = names.filter((scope) => !isForGood(scope))
  return new Set(harmless.length ? harmless : names)
}

/** How much of a group is ticked. Deleting for good does not count to all of it: that is ticked by itself or not at all. */
export function ticked({ scopes }: ScopeGroup, chosen: ReadonlySet<string>): 'all' | 'some' | 'none' {
  if (!scopes.some(({ scope }) => chosen.has(scope))) return 'none'
  return scopes.every(({ scope }) => chosen.has(scope) || isForGood(scope)) ? 'all' : 'some'
}

/** The choice with this scope in it, or without it. */
export function withTick(chosen: ReadonlySet<string>, scope: string, on: boolean): ReadonlySet<string> {
  const next = new Set(chosen)
  if (on) next.add(scope)
  else next.delete(scope)
  return next
}

/** The choice with a whole group in it, or without it; what deletes for good only ever goes out with its group. */
export const withGroup = (chosen: ReadonlySet<string>, { scopes }: ScopeGroup, on: boolean): ReadonlySet<string> =>
  scopes.filter(({ scope }) => !on || !isForGood(scope)).reduce((next, { scope }) => withTick(next, scope, on), chosen)
