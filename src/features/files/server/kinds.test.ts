import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { sniff } from './kinds.ts'

const kindOf = async (bytes: Buffer, ending = '') =>
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
  expect(await kindOf(zip('[Content_Types].xml', 'word/document.xml'))).toBe(`${office}.wordprocessingml.document`)
  expect(await kindOf(zip('xl/workbook.xml', '[Content_Types].xml'))).toBe(`${office}.spreadsheetml.sheet`)
  expect(await kindOf(zip('[Content_Types].xml', 'ppt/presentation.xml'))).toBeNull()
  expect(await kindOf(zip('pass.json', 'manifest.json', 'signature'))).toBe('application/vnd.apple.pkpass')
  expect(await kindOf(zip('a.pkpass', 'b.pkpass'))).toBe('application/vnd.apple.pkpasses')
  expect(await kindOf(zip('setup.exe'), 'docx')).toBeNull()
  expect(await kindOf(zip('pass.json').subarray(0, 40), 'pkpass')).toBeNull()
  // A trailing comment may look like the end of the directory.
  expect(await kindOf(Buffer.concat([zip('pass.json', 'manifest.json'), Buffer.from('PK\x05\x06')]))).toBe(
    'application/vnd.apple.pkpass',
  )
})

test('photos of iPhones are distinguished from other media in the same container format', async () => {
  expect(await kindOf(media('heic', 'mif1', 'heic'))).toBe('image/heic')
  expect(await kindOf(media('mif1', 'heic'))).toBe('image/heic')
  expect(await kindOf(media('avif', 'mif1'))).toBeNull()
  expect(await kindOf(media('isom', 'mp42'), 'heic')).toBeNull()
  expect(await kindOf(Buffer.from('\0\0\0\x08ftyp'), 'heic')).toBeNull()
})

test('the type of old Office files and texts depends on the extension', async () => {
  const ole = Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'.padEnd(600, '\0'), 'latin1')
  expect([
    await kindOf(ole, 'doc'),
    await kindOf(ole, 'xls'),
    await kindOf(ole, 'msi'),
    await kindOf(ole, 'pdf'),
  ]).toEqual(['application/msword', 'application/vnd.ms-excel', null, null])
  const text = Buffer.from('Größe: 3 € 👍')
  expect([
    await kindOf(text, 'txt'),
    await kindOf(text, 'md'),
    await kindOf(text, ''),
    await kindOf(text, 'docx'),
  ]).toEqual(['text/plain', 'text/markdown', null, null])
  expect(await kindOf(Buffer.from('\ufeffÜbersicht', 'utf16le'), 'txt')).toBe('text/plain')
  expect(await kindOf(Buffer.from('\ufeff<html>', 'utf16le'), 'txt')).toBeNull()
  expect(await kindOf(Buffer.from('\n <?xml version="1.0"?>'), 'csv')).toBeNull()
  expect(await kindOf(Buffer.from('caf\xe9', 'latin1'), 'txt')).toBe('text/plain')
})
