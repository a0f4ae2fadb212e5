import type { z } from 'zod'
import type { AnyEntity, Field, Row } from '../declare/entity.ts'
import { invalidField } from '../declare/errors.ts'
import { wrong } from '../declare/value-messages.ts'
import { currencyDigits } from '../declare/values.ts'

/**
 * The codec between the wire form of a row and its stored form. They differ in booleans (SQLite has none), lists and
 * objects (stored as JSON text), and amounts of money (stored as integers of minor units).
 */
type Stored = Record<string, unknown>

interface Codec {
  toStored(value: unknown, row: Record<string, unknown>): unknown
  toWire(value: unknown, row: Record<string, unknown>): unknown
}

function baseType(schema: z.ZodType): string {
  const def = schema.def as { type: string; innerType?: z.ZodType }
  return def.innerType ? baseType(def.innerType) : def.type
}

const boolean: Codec = { toStored: (value) => value, toWire: (value) => Boolean(value) }

const json: Codec = {
  toStored: (value) => JSON.stringify(value),
  toWire: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
}

/** The minor units of an amount: 12.5 EUR is 1250. Rejects more decimals than the currency has. */
export function toMinorUnits(amount: number, currency: string, path = 'amount'): number {
  const places = currencyDigits(currency)
  const minor = Math.round(amount * 10 ** places)
  if (Math.abs(minor / 10 ** places - amount) > 1e-9 * Math.max(1, amount)) {
    throw invalidField(
      path,
      places ? wrong.decimals({ currency, count: places, amount }) : wrong.noDecimals({ currency, amount }),
    )
  }
  return minor
}

export const fromMinorUnits = (minor: number, currency: string): number => minor / 10 ** currencyDigits(currency)

const amount = (path: string, currencyField: string): Codec => ({
  toStored(value, row) {
    const currency = row[currencyField]
    if (typeof currency !== 'string') throw invalidField(currencyField, wrong.neededWith({ other: path }))
    return toMinorUnits(value as number, currency, path)
  },
  toWire: (value, row) => fromMinorUnits(value as number, row[currencyField] as string),
})

function codecOf(path: string, field: Field): Codec | null {
  if (field.currency) return amount(path, field.currency)
  const type = baseType(field.schema)
  if (type === 'boolean') return boolean
  return type === 'array' || type === 'object' || type === 'record' || type === 'any' || type === 'unknown'
    ? json
    : null
}

interface Layout {
  keys: string[]
  /** The columns that rows in wire form omit. */
  secrets: string[]
  codecs: [key: string, codec: Codec][]
  /** Amounts that must be stored again when their currency changes. */
  amounts: [key: string, currencyField: string][]
  /** What an insert writes for missing fields. A secret gets the default of its column. */
  defaults: Stored
}

const layouts = new WeakMap<AnyEntity, Layout>()

export function layoutOf(entity: AnyEntity): Layout {
  const cached = layouts.get(entity)
  if (cached) return cached
  const fields = Object.entries(entity.fields as Record<string, Field>)
  const layout: Layout = {
    keys: fields.filter(([, { mode }]) => mode !== 'secret').map(([key]) => key),
    secrets: fields.filter(([, { mode }]) => mode === 'secret').map(([key]) => key),
    codecs: fields.flatMap(([key, field]) => {
      const codec = codecOf(key, field)
      return codec ? [[key, codec] as [string, Codec]] : []
    }),
    amounts: fields.flatMap(([key, field]) => (field.currency ? [[key, field.currency] as [string, string]] : [])),
    defaults: Object.fromEntries(
      fields.filter(([, { mode }]) => mode !== 'secret').map(([key, field]) => [key, field.default ?? null]),
    ),
  }
  layouts.set(entity, layout)
  return layout
}

/** The wire form of a stored row. */
export function decode<E extends AnyEntity>(entity: E, stored: Stored): Row<E> {
  const { keys, codecs } = layoutOf(entity)
  const row: Record<string, unknown> = {}
  for (const key of keys) row[key] = stored[key] ?? null
  for (const [key, codec] of codecs) if (row[key] !== null) row[key] = codec.toWire(row[key], stored)
  return row as Row<E>
}

/**
 * The stored form of some fields of a row. `whole` is the row after the change, for values that depend on other fields.
 */
export function encode(entity: AnyEntity, values: Stored, whole: Stored): Stored {
  const { codecs } = layoutOf(entity)
  const stored: Stored = { ...values }
  for (const [key, codec] of codecs) {
    if (stored[key] !== undefined && stored[key] !== null) stored[key] = codec.toStored(stored[key], whole)
  }
  return stored
}
