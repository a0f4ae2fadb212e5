import type { Output } from '../../../../core/declare/operation.ts'
import type { Asked } from '../../../../ui/call.ts'
import type { list_audit } from '../../contract/index.ts'

/** What of the audit log is looked at. */
export type Filter = Pick<Asked<typeof list_audit>, 'user_id' | 'kind' | 'refused' | 'since' | 'client'>

export type AuditEntry = Output<typeof list_audit>['entries'][number]

export const EVERYTHING: Filter = {}

/** The same with one thing changed; undefined means all. */
export const narrowed = (filter: Filter, change: Filter): Filter =>
  Object.fromEntries(Object.entries({ ...filter, ...change }).filter(([, value]) => value !== undefined))

export const isNarrowed = (filter: Filter): boolean => Object.keys(filter).length > 0
