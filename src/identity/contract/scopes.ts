import { SCOPE_GROUPS } from './scopes.generated.ts'

/** What can be granted to a program that acts for somebody. */
export interface GrantableScope {
  readonly scope: string
  readonly group: string
  readonly label: string
}

export const SCOPES: readonly GrantableScope[] = Object.values(SCOPE_GROUPS).flatMap(({ title, scopes }) =>
  Object.entries(scopes).map(([scope, label]) => ({ scope, group: title, label })),
)
