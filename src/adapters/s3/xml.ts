/** An XML element: its text and its child elements. */
export interface Element {
  readonly name: string
  readonly text: string
  readonly children: readonly Element[]
}

/** The answer is not one of S3. */
export class Unreadable extends Error {}

interface Open {
  readonly name: string
  text: string
  readonly children: Element[]
}

const TOKEN = /<\?[^>]*\?>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/y
const DEEPEST = 12

/**
 * Parses the XML of S3 answers only: elements, text and the five entities. Rejects document types, and so every
 * declared entity.
 */
export function parseXml(xml: string): Element {
  const top: Open = { name: '', text: '', children: [] }
  const open = [top]
  const text = xml.replace(/^\uFEFF/, '')
  let at = 0
  while (at < text.length) {
    TOKEN.lastIndex = at
    const [token, closing, name, , alone] = TOKEN.exec(text) ?? []
    if (token === undefined) throw new Unreadable()
    at += token.length
    const current = open.at(-1) as Open
    if (name === undefined) {
      if (!token.startsWith('<?')) current.text += decoded(token)
    } else if (closing) {
      if (name !== current.name) throw new Unreadable()
      open.pop()
    } else {
      const element: Open = { name, text: '', children: [] }
      current.children.push(element)
      if (!alone) open.push(element)
      if (open.length > DEEPEST) throw new Unreadable()
    }
  }
  const [root] = top.children
  if (open.length > 1 || top.children.length !== 1 || !root || top.text.trim()) throw new Unreadable()
  return root
}

export const childrenOf = ({ children }: Element, name: string): Element[] =>
  children.filter((child) => child.name === name)

/** The text of the first child of this name, or undefined. */
export const textIn = (element: Element, name: string): string | undefined => childrenOf(element, name)[0]?.text

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decoded(text: string): string {
  return text.replace(/&([^;]{0,10};)?/g, (_, name = '') => {
    const entity = name.slice(0, -1)
    const number = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(entity)
    const code = number ? Number.parseInt(number[1] ?? (number[2] as string), number[1] ? 16 : 10) : -1
    const sign = ENTITIES[entity] ?? (code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined)
    if (sign === undefined) throw new Unreadable()
    return sign
  })
}
