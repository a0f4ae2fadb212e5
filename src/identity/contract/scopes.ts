import { SCOPE_GROUPS } from './scopes.generated.ts'
import { SCOPES_WITHOUT_TOOLS } from './scopes-without-tools.generated.ts'

/** What can be granted to a program that acts for somebody. */
export interface GrantableScope {
  readonly scope: string
  readonly group: string
  readonly label: string
}

/** Every published name. A program may ask for any of them. */
export const SCOPES: readonly GrantableScope[] = Object.values(SCOPE_GROUPS).flatMap(({ title, scopes }) =>
  Object.entries(scopes).map(([scope, label]) => ({ scope, group: title, label })),
)

/** Those behind which something stands: only they are published, and offered to people. */
export const OFFERED_SCOPES: readonly GrantableScope[] = SCOPES.filter(({ scope }) => !SCOPES_WITHOUT_TOOLS.has(scope))
