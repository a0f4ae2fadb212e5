import { readFileSync } from 'node:fs'
import { folded } from './folded.ts'

export interface Airport {
  /** IATA code, upper case. */
  readonly iata: string
  readonly name: string
  /** The town it serves; empty if unknown. */
  readonly city: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly lat: number
  readonly lng: number
  /** IANA time zone. */
  readonly timezone: string
}

// The list stays one string, read at the first lookup: ten thousand objects would take ten times the memory.
// scripts/airports.ts writes it, the busiest kind of airport first.
let list: string | undefined
let searched: readonly string[] | undefined

function text(): string {
  list ??= `\n${readFileSync(new URL('./airports.tsv', import.meta.url), 'utf8')}`
  return list
}

/** The airport with this IATA code, case-insensitive. */
export function findAirport(code: string): Airport | null {
  if (!/^[a-z]{3}$/i.test(code)) return null
  const at = text().indexOf(`\n${code.toUpperCase()}\t`)
  return at < 0 ? null : readLine(text().slice(at + 1, text().indexOf('\n', at + 1)))
}

/**
 * Airports whose code, name, town, nearby metropolis or country contains every word of the query, best and busiest
 * first.
 */
export function searchAirports(query: string, limit: number): Airport[] {
  const foldedQuery = folded(query)
  if (!foldedQuery) return []
  const words = foldedQuery.split(' ')
  const matches: { line: number; rank: number }[] = []
  searchTexts().forEach((line, index) => {
    if (words.every((word) => line.includes(` ${word}`))) matches.push({ line: index, rank: rankOf(line, foldedQuery) })
  })
  matches.sort((a, b) => a.rank - b.rank || a.line - b.line)
  const lines = text().trim().split('\n')
  return matches.slice(0, limit).map(({ line }) => readLine(lines[line] as string))
}

/**
 * 0 for the exact code, 1 if a town or name begins with the query, 2 if one contains it at the start of a word, else 3.
 */
function rankOf(line: string, foldedQuery: string): number {
  const [code = '', city = '', metropolis = '', name = ''] = line.split('\n')
  if (code.trim() === foldedQuery) return 0
  if ([city, metropolis, name].some((part) => part.startsWith(` ${foldedQuery}`))) return 1
  return [city, metropolis, name].some((part) => part.includes(` ${foldedQuery}`)) ? 2 : 3
}

function searchTexts(): readonly string[] {
  if (searched) return searched
  const countries = new Intl.DisplayNames('en', { type: 'region' })
  searched = text()
    .trim()
    .split('\n')
    .map((line) => {
      const [iata = '', name = '', city = '', country = '', , , , metropolis = ''] = line.split('\t')
      return [iata, city, metropolis, name, countries.of(country) ?? ''].map((part) => ` ${folded(part)}`).join('\n')
    })
  return searched
}

function readLine(line: string): Airport {
  const [iata = '', name = '', city = '', country = '', lat, lng, timezone = ''] = line.split('\t')
  return { iata, name, city, country, lat: Number(lat), lng: Number(lng), timezone }
}
