// Letters in their own right, not accented forms of others.
const PLAIN: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
}

/** The search form of a text: lower case, no accents or punctuation, single spaces. */
export const folded = (text: string): string =>
  unaccented(text.toLowerCase())
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

// Fast path: most of the hundreds of thousands of names are plain letters.
const unaccented = (text: string): string =>
  /^[a-z ]*$/.test(text)
    ? text
    : text
        .normalize('NFD')
        .replace(/[\p{M}\p{Lm}]/gu, '')
        .replace(/[ßæœøđðłþıħ]/g, (letter) => PLAIN[letter] as string)
