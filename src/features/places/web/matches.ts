/** The text for searching: without case and accents. */
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

/** Whether every word occurs somewhere in the texts of the place. */
export function matches(place: Described, search: string): boolean {
  const words = plain(search).split(/\s+/).filter(Boolean)
  if (!words.length) return true
  const text = plain([place.name, place.address, place.description, place.notes].filter(Boolean).join(' '))
  return words.every((word) => text.includes(word))
}
