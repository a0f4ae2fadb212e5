/** A text as it is searched: without case and without accents. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()

interface Described {
  readonly name: string
  readonly address: string | null
  readonly description: string | null
  readonly notes: string | null
}

/** Whether every word stands somewhere in what is known of the place. */
export function matches(place: Described, search: string): boolean {
  const words = plain(search).split(/\s+/).filter(Boolean)
  if (!words.length) return true
  const text = plain([place.name, place.address, place.description, place.notes].filter(Boolean).join(' '))
  return words.every((word) => text.includes(word))
}
