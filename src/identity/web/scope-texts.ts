import { titleOf } from '../../ui/message.ts'

/** What a scope lets a program do. */
export const labelOf = ({ scope, label }: { readonly scope: string; readonly label: string }): string =>
  titleOf('scopes', scope, label)

/** The part of the product that a scope belongs to. */
export const groupOf = ({ scope, group }: { readonly scope: string; readonly group: string }): string =>
  titleOf('scopeGroups', scope.split(':')[0] ?? '', group)
