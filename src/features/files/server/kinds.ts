import type { Message } from '../../../core/declare/message.ts'
import type { TripFileRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import type { Look } from './look.ts'
import { namesInZip } from './zip.ts'

/** The kind of a file, detected from its bytes; the extension only separates text formats and old Office formats. */
export interface Kind {
  readonly type: string
  readonly kind: TripFileRow['kind']
  /** The extensions of the kind; the first one is added to names without any of them. */
  readonly endings: readonly [string, ...string[]]
  /** A description: "a PNG picture". */
  readonly says: Message
}

const kind = (type: string, of: Kind['kind'], says: Message, ...endings: Kind['endings']): Kind => ({
  type,
  kind: of,
  says,
  endings,
})

const JPEG = kind('image/jpeg', 'image', messages.aJpeg(), 'jpg', 'jpeg')
const PNG = kind('image/png', 'image', messages.aPng(), 'png')
const GIF = kind('image/gif', 'image', messages.aGif(), 'gif')
const WEBP = kind('image/webp', 'image', messages.aWebp(), 'webp')
const HEIC = kind('image/heic', 'image', messages.aHeic(), 'heic', 'heif')
const PDF = kind('application/pdf', 'pdf', messages.aPdf(), 'pdf')
const OFFICE = 'application/vnd.openxmlformats-officedocument'
const DOCX = kind(`${OFFICE}.wordprocessingml.document`, 'document', messages.aWordDocument(), 'docx')
const XLSX = kind(`${OFFICE}.spreadsheetml.sheet`, 'sheet', messages.anExcelSheet(), 'xlsx')
const PASS = kind('application/vnd.apple.pkpass', 'pass', messages.aPass(), 'pkpass')
const PASSES = kind('application/vnd.apple.pkpasses', 'pass', messages.passes(), 'pkpasses')
const DOC = kind('application/msword', 'document', messages.aWordDocument(), 'doc')
const XLS = kind('application/vnd.ms-excel', 'sheet', messages.anExcelSheet(), 'xls')
const TXT = kind('text/plain', 'text', messages.aText(), 'txt')
const CSV = kind('text/csv', 'text', messages.aCsv(), 'csv')
const MARKDOWN = kind('text/markdown', 'text', messages.aMarkdown(), 'md', 'markdown')

/** Every accepted kind. */
export const KINDS: readonly Kind[] = [
  ...[JPEG, PNG, GIF, WEBP, HEIC, PDF, DOCX, XLSX, DOC, XLS, TXT, CSV, MARKDOWN, PASS, PASSES],
]

/** The kind with this extension, if any. */
export const kindOfEnding = (ending: string): Kind | undefined => KINDS.find(({ endings }) => endings.includes(ending))

const HEAD = 4096

/** The kind of these bytes by content, or null if it is not accepted; `ending` is the extension of the name. */
export async function sniff(look: Look, size: number, ending: string): Promise<Kind | null> {
  const head = await look(0, HEAD)
  const starts = (signature: string, at = 0) => head.toString('latin1', at, at + signature.length) === signature
  if (starts('\xff\xd8\xff')) return JPEG
  if (starts('\x89PNG\r\n\x1a\n')) return PNG
  if (starts('GIF87a') || starts('GIF89a')) return GIF
  if (starts('RIFF') && starts('WEBP', 8)) return WEBP
  if (starts('ftyp', 4)) return isHeic(head) ? HEIC : null
  if (/^(\xef\xbb\xbf)?\s{0,64}%PDF-/.test(head.toString('latin1', 0, 128))) return PDF
  if (starts('PK\x03\x04')) return inZip(await namesInZip(look, size))
  if (starts('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'))
    return [DOC, XLS].find(({ endings }) => endings.includes(ending)) ?? null
  if (!isText(head)) return null
  return [TXT, CSV, MARKDOWN].find(({ endings }) => endings.includes(ending)) ?? null
}

const HEIC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'])

/** The brands of an ISO media file are in its first box: the major one, then the compatible ones. */
function isHeic(head: Buffer): boolean {
  const end = Math.min(head.length, head.readUInt32BE(0))
  const brands = [head.toString('latin1', 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4))
  // A still picture of another codec can also have a HEIF brand.
  return !brands.includes('avif') && brands.some((brand) => HEIC_BRANDS.has(brand))
}

function inZip(names: readonly string[]): Kind | null {
  const has = (start: string) => names.some((name) => name.startsWith(start))
  if (names.includes('[Content_Types].xml')) return has('word/') ? DOCX : has('xl/') ? XLSX : null
  if (names.includes('pass.json') && names.includes('manifest.json')) return PASS
  return names.length > 0 && names.every((name) => /\.pkpass$/i.test(name)) ? PASSES : null
}

/** Content that a browser or a shell would run, whatever its name. */
const ACTIVE = /^\s*(<!doctype html|<html|<head|<body|<script|<svg|<\?xml|<\?php|#!)/i

function isText(head: Buffer): boolean {
  const wide = head.length >= 2 && [0xfeff, 0xfffe].includes(head.readUInt16BE(0))
  if (wide) return !ACTIVE.test(new TextDecoder(head[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(head))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters distinguish binary files from texts
  if (/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(head.toString('latin1'))) return false
  return !ACTIVE.test(head.toString('utf8').replace(/^\ufeff/, ''))
}
