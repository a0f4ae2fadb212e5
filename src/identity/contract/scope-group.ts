import type { Scope } from '../../core/declare/operation.ts'

/** Scopes shown to a person under one title. */
export interface ScopeGroup {
  readonly name: string
  /** Sort order, lowest first, in steps of ten. */
  readonly order: number
  readonly title: string
  /** Each scope with its label for people. */
  readonly scopes: Readonly<Record<Scope, string>>
}

/** Declares a feature's scopes in its `contract/scopes.ts`, where `npm run generate` finds them. */
export const scopeGroup = (declared: ScopeGroup): ScopeGroup => declared
