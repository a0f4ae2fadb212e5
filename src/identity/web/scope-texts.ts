import { titleOf } from '../../ui/message.ts'

/** The label of a scope. */
export const labelOf = ({ scope, label }: { readonly scope: string; readonly label: string }): string =>
  titleOf('scopes', scope, label)

/** The part of the product that a scope belongs to. */
export const groupOf = ({ scope, group }: { readonly scope: string; readonly group: string }): string =>
  titleOf('scopeGroups', scope.split(':')[0] ?? '', group)
