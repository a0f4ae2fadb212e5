/** Unpacks a frame; null if the browser cannot, and then no packed frames are requested. */
export type Unpack = ((packed: ArrayBuffer) => Promise<string>) | null

export const unpack: Unpack = typeof DecompressionStream === 'undefined' ? null : gunzip

// Without a Blob, whose bytes would go through another process of the browser.
async function gunzip(packed: ArrayBuffer): Promise<string> {
  const { readable, writable } = new DecompressionStream('gzip')
  const writer = writable.getWriter()
  const written = Promise.all([writer.write(packed), writer.close()])
  const [text] = await Promise.all([new Response(readable).text(), written])
  return text
}
