import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Row } from '../../../core/declare/entity.ts'
import { VisitedCountry } from '../contract/index.ts'

export type VisitedCountryRow = Row<typeof VisitedCountry>

export const listVisitedCountries = (tx: ReadTx, userId: number): Promise<VisitedCountryRow[]> =>
  tx.list(VisitedCountry, { user_id: userId }, ['country_code'])

export const findVisitedCountry = (tx: ReadTx, userId: number, code: string): Promise<VisitedCountryRow | null> =>
  tx.find(VisitedCountry, { user_id: userId, country_code: code })

export const insertVisitedCountry = (tx: Tx, userId: number, code: string, now: string): Promise<VisitedCountryRow> =>
  tx.insert(VisitedCountry, { user_id: userId, country_code: code, created_at: now })

export const removeVisitedCountry = (tx: Tx, country: VisitedCountryRow): Promise<void> =>
  tx.remove(VisitedCountry, country)
