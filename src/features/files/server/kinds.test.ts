import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { sniff } from './kinds.ts'

const what = async (bytes: Buffer, ending = '') =>
  (await sniff(async (start, length) => bytes.subarray(start, start + length), bytes.length, ending))?.type ?? null

/** An archive of empty files with these names. */
function zip(...names: string[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const name of names) {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50)
    local.writeUInt32LE(crc32(''), 14)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(at, 42)
    parts.push(local, Buffer.from(name))
    directory.push(entry, Buffer.from(name))
    at += local.length + name.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(names.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, listed, end])
}

/** The first box of an ISO media file. */
function media(...brands: string[]): Buffer {
  const [major = '', ...others] = brands
  const bytes = Buffer.from(`0000ftyp${major}0000${others.join('')}rest`, 'latin1')
  bytes.writeUInt32BE(16 + others.length * 4)
  return bytes
}

test('the type of an archive is determined by its content', async () => {
  const office = 'application/vnd.openxmlformats-officedocument'
  expect(await what(zip('[Content_Types].xml', 'word/document.xml'))).toBe(`${office}.wordprocessingml.document`)
  expect(await what(zip('xl/workbook.xml', '[Content_Types].xml'))).toBe(`${office}.spreadsheetml.sheet`)
  expect(await what(zip('[Content_Types].xml', 'ppt/presentation.xml'))).toBeNull()
  expect(await what(zip('pass.json', 'manifest.json', 'signature'))).toBe('application/vnd.apple.pkpass')
  expect(await what(zip('a.pkpass', 'b.pkpass'))).toBe('application/vnd.apple.pkpasses')
  expect(await what(zip('setup.exe'), 'docx')).toBeNull()
  expect(await what(zip('pass.json').subarray(0, 40), 'pkpass')).toBeNull()
  // A trailing comment may look like the end of the directory.
  expect(await what(Buffer.concat([zip('pass.json', 'manifest.json'), Buffer.from('PK\x05\x06')]))).toBe(
    'application/vnd.apple.pkpass',
  )
})

test('photos of iPhones are distinguished from other media in the same container format', async () => {
  expect(await what(media('heic', 'mif1', 'heic'))).toBe('image/heic')
  expect(await what(media('mif1', 'heic'))).toBe('image/heic')
  expect(await what(media('avif', 'mif1'))).toBeNull()
  expect(await what(media('isom', 'mp42'), 'heic')).toBeNull()
  expect(await what(Buffer.from('\0\0\0\x08ftyp'), 'heic')).toBeNull()
})

test('the type of old Office files and texts depends on the extension', async () => {
  const ole = Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'.padEnd(600, '\0'), 'latin1')
  expect([await what(ole, 'doc'), await what(ole, 'xls'), await what(ole, 'msi'), await what(ole, 'pdf')]).toEqual([
    'application/msword',
    'application/vnd.ms-excel',
    null,
    null,
  ])
  const text = Buffer.from('Größe: 3 € 👍')
  expect([await what(text, 'txt'), await what(text, 'md'), await what(text, ''), await what(text, 'docx')]).toEqual([
    'text/plain',
    'text/markdown',
    null,
    null,
  ])
  expect(await what(Buffer.from('\ufeffÜbersicht', 'utf16le'), 'txt')).toBe('text/plain')
  expect(await what(Buffer.from('\ufeff<html>', 'utf16le'), 'txt')).toBeNull()
  expect(await what(Buffer.from('\n <?xml version="1.0"?>'), 'csv')).toBeNull()
  expect(await what(Buffer.from('caf\xe9', 'latin1'), 'txt')).toBe('text/plain')
})
