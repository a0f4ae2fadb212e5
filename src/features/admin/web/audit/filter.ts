import type { Output } from '../../../../core/declare/operation.ts'
import type { InputOf } from '../../../../ui/call.ts'
import type { list_audit } from '../../contract/index.ts'

/** The filter of the audit log. */
export type Filter = Pick<InputOf<typeof list_audit>, 'user_id' | 'kind' | 'refused' | 'since' | 'client'>

export type AuditEntry = Output<typeof list_audit>['entries'][number]

export const EVERYTHING: Filter = {}

/** The filter with one change; undefined means all. */
export const narrowed = (filter: Filter, change: Filter): Filter =>
  Object.fromEntries(Object.entries({ ...filter, ...change }).filter(([, value]) => value !== undefined))

export const isNarrowed = (filter: Filter): boolean => Object.keys(filter).length > 0
