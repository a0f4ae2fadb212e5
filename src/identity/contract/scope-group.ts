import type { Scope } from '../../core/declare/operation.ts'

/** Scopes that a person is asked for under one title. */
export interface ScopeGroup {
  readonly name: string
  /** Its place among the groups, the lowest first; neighbours are ten apart. */
  readonly order: number
  readonly title: string
  /** Each scope with the words in which a person is asked for it. */
  readonly scopes: Readonly<Record<Scope, string>>
}

/** Declares the scopes of a feature in its `contract/scopes.ts`, where `npm run generate` finds them. */
export const scopeGroup = (declared: ScopeGroup): ScopeGroup => declared
