import type { Look } from './look.ts'

/** How far to search for the size of a JPEG: a thumbnail, a colour profile and camera data can come first. */
const MOST_HEADERS = 4 * 1024 * 1024

/** Width and height in pixels as stored in the file, or null if they are not at their place. */
export async function imageSize(look: Look, type: string): Promise<readonly [number, number] | null> {
  const head = await look(0, 64)
  if (type === 'image/png') return head.length < 24 ? null : [head.readUInt32BE(16), head.readUInt32BE(20)]
  if (type === 'image/gif') return head.length < 10 ? null : [head.readUInt16LE(6), head.readUInt16LE(8)]
  if (type === 'image/webp') return webpSize(head)
  return jpegSize(await look(0, MOST_HEADERS))
}

function webpSize(head: Buffer): readonly [number, number] | null {
  if (head.length < 30) return null
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8X':
      return [head.readUIntLE(24, 3) + 1, head.readUIntLE(27, 3) + 1]
    case 'VP8L': {
      const bits = head.readUInt32LE(21)
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
    }
    case 'VP8 ':
      return [head.readUInt16LE(26) & 0x3fff, head.readUInt16LE(28) & 0x3fff]
    default:
      return null
  }
}

/** Goes from segment to segment to the frame header, which has the size (ITU T.81, B.2.2). */
function jpegSize(bytes: Buffer): readonly [number, number] | null {
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] as number
    if (marker === 0xff) {
      at += 1
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)]
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return null
}
