const segments = new Intl.Segmenter()

/** The first letters of the first and the last word of a name, which is all that strangers see of travellers. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words
  return chosen.map((word = '') => [...segments.segment(word)][0]?.segment.toUpperCase() ?? '').join('')
}
