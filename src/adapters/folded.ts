// Letters that are letters of their own and not an accent on another.
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

/** A text as it is compared when somebody searches: lower case, without accents and punctuation, single spaces. */
export const folded = (text: string): string =>
  unaccented(text.toLowerCase())
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

// Most texts have nothing but plain letters, and there are hundreds of thousands of names.
const unaccented = (text: string): string =>
  /^[a-z ]*$/.test(text)
    ? text
    : text
        .normalize('NFD')
        .replace(/[\p{M}\p{Lm}]/gu, '')
        .replace(/[ßæœøđðłþıħ]/g, (letter) => PLAIN[letter] as string)
