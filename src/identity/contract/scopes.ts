import { SCOPE_GROUPS } from './scopes.generated.ts'
import { SCOPES_WITHOUT_TOOLS } from './scopes-without-tools.generated.ts'

/** A right that can be granted to a program acting for a person. */
export interface GrantableScope {
  readonly scope: string
  readonly group: string
  readonly label: string
}

/** Every published scope. A program can request any of them. */
export const SCOPES: readonly GrantableScope[] = Object.values(SCOPE_GROUPS).flatMap(({ title, scopes }) =>
  Object.entries(scopes).map(([scope, label]) => ({ scope, group: title, label })),
)

/** The scopes with tools: only these are published and offered to people. */
export const OFFERED_SCOPES: readonly GrantableScope[] = SCOPES.filter(({ scope }) => !SCOPES_WITHOUT_TOOLS.has(scope))
