/** One sample of a scrape. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly type: string
  readonly help: string
  readonly samples: Sample[]
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`)
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}

/** Parses the text format of Prometheus 0.0.4, and rejects what Prometheus rejects. */
export function parseScrape(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The last line does not end with a line feed')
  const families = new Map<string, Family>()
  const helps = new Map<string, string>()
  let open: { name: string; family: Family } | null = null
  const names = new Set<string>()
  for (const line of text.split('\n')) {
    if (line === '') continue
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line)
    if (comment) {
      const [, keyword, name = '', content = ''] = comment
      if (keyword === 'HELP') {
        helps.set(name, content)
        continue
      }
      if (families.has(name)) throw new Error(`${name} is declared twice`)
      if (!/^(counter|gauge|histogram|summary|untyped)$/.test(content))
        throw new Error(`${name} has the unknown type ${content}`)
      open = { name, family: { type: content, help: helps.get(name) ?? '', samples: [] } }
      families.set(name, open.family)
      continue
    }
    if (line.startsWith('#')) continue
    const [, name = '', labelText = '', number = ''] = SAMPLE.exec(line) ?? []
    if (!name || !open) throw new Error(`This line is not a sample: ${line}`)
    const allowed = (SUFFIXES[open.family.type] ?? ['']).map((suffix) => open?.name + suffix)
    if (!allowed.includes(name)) throw new Error(`${name} does not belong to ${open.name}`)
    const key = `${name}{${labelText}}`
    if (names.has(key)) throw new Error(`${key} occurs twice`)
    names.add(key)
    open.family.samples.push({ name, labels: labelsIn(labelText), value: numberIn(number) })
  }
  for (const [name, { type, samples }] of families) if (type === 'histogram') checkHistogram(name, samples)
  return families
}

function labelsIn(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  LABEL.lastIndex = 0
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text)
    if (!match) throw new Error(`These labels are malformed: ${text}`)
    labels[match[1] as string] = (match[2] as string).replace(/\\([\\"n])/g, (_, sign) => (sign === 'n' ? '\n' : sign))
  }
  return labels
}

function numberIn(text: string): number {
  const specialNumbers: Record<string, number> = {
    '+Inf': Infinity,
    '-Inf': -Infinity,
    NaN: Number.NaN,
    Nan: Number.NaN,
  }
  const value = specialNumbers[text] ?? Number(text)
  if (Number.isNaN(value) && !/^nan$/i.test(text)) throw new Error(`This is not a number: ${text}`)
  return value
}

/** Checks that buckets never decrease and that the last one equals the count. */
function checkHistogram(name: string, samples: readonly Sample[]): void {
  const series = Map.groupBy(samples, ({ labels: { le: _, ...others } }) => JSON.stringify(others))
  for (const [labels, samplesOfSeries] of series) {
    const buckets = samplesOfSeries.filter((one) => one.name === `${name}_bucket`)
    const bounds = buckets.map(({ labels: { le } }) => numberIn(le ?? ''))
    const counts = buckets.map(({ value }) => value)
    const grows = (numbers: readonly number[]) => numbers.every((one, at) => at === 0 || one >= (numbers[at - 1] ?? 0))
    const count = samplesOfSeries.find((one) => one.name === `${name}_count`)?.value
    if (!grows(bounds) || !grows(counts) || bounds.at(-1) !== Infinity || counts.at(-1) !== count) {
      throw new Error(`The buckets of ${name}${labels} decrease, do not end with +Inf, or differ from the count`)
    }
  }
}
