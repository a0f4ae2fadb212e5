/** Takes a packed frame apart; null where the browser cannot, and then none is asked for. */
export type Unpack = ((packed: ArrayBuffer) => Promise<string>) | null

export const unpack: Unpack = typeof DecompressionStream === 'undefined' ? null : gunzip

// Without a Blob: its bytes take a way through another process of the browser.
async function gunzip(packed: ArrayBuffer): Promise<string> {
  const { readable, writable } = new DecompressionStream('gzip')
  const writer = writable.getWriter()
  const written = Promise.all([writer.write(packed), writer.close()])
  const [text] = await Promise.all([new Response(readable).text(), written])
  return text
}
