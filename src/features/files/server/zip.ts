import type { Look } from './look.ts'

const END = 0x06054b50
const ENTRY = 0x02014b50
/** The size of the end record with the longest possible comment. */
const END_BYTES = 22 + 0xffff
const MOST_DIRECTORY = 1024 * 1024

/** The names in a ZIP archive, from its directory (APPNOTE 4.3); empty if the directory cannot be read. */
export async function namesInZip(look: Look, size: number): Promise<string[]> {
  const tail = await look(Math.max(0, size - END_BYTES), END_BYTES)
  let at = tail.length - 22
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--
  if (at < 0) return []
  const directory = await look(tail.readUInt32LE(at + 16), Math.min(tail.readUInt32LE(at + 12), MOST_DIRECTORY))
  const names: string[] = []
  for (let start = 0; start + 46 <= directory.length && directory.readUInt32LE(start) === ENTRY; ) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => directory.readUInt16LE(start + offset)) as [
      number,
      number,
      number,
    ]
    names.push(directory.toString('utf8', start + 46, start + 46 + name))
    start += 46 + name + extra + comment
  }
  return names
}
