/** How many of a thing are needed: one, or one for each day up to a limit. */
type Count = 1 | { readonly daysUpTo: number }

export interface Suggestion {
  /** The last part of the key of its text. */
  readonly key: string
  readonly count: Count
}

const once = (...keys: string[]): Suggestion[] => keys.map((key) => ({ key, count: 1 }))
const daily = (daysUpTo: number, ...keys: string[]): Suggestion[] => keys.map((key) => ({ key, count: { daysUpTo } }))

/** A list to start from; its texts are in the language file. */
export const SUGGESTIONS: readonly { readonly key: string; readonly items: readonly Suggestion[] }[] = [
  { key: 'documents', items: once('passport', 'tickets', 'insurance', 'licence', 'copies') },
  {
    key: 'clothing',
    items: [
      ...daily(7, 'underwear', 'socks', 'tops'),
      ...daily(2, 'trousers'),
      ...once('sweater', 'rainJacket', 'sleepwear', 'shoes'),
    ],
  },
  { key: 'toiletries', items: once('toothbrush', 'toothpaste', 'shampoo', 'deodorant', 'sunscreen', 'comb') },
  { key: 'electronics', items: once('charger', 'powerBank', 'adapter', 'headphones') },
  { key: 'health', items: once('medicine', 'plasters', 'painkillers', 'sanitiser') },
  { key: 'finances', items: once('cards', 'cash', 'emergencyNumbers') },
]

/** How many of a suggested thing a trip of this length needs. */
export const quantityFor = ({ count }: Suggestion, days: number): number =>
  count === 1 ? 1 : Math.max(1, Math.min(days, count.daysUpTo))
