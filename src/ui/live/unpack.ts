/** Takes a packed frame apart; null where the browser cannot, and then none is asked for. */
export type Unpack = ((packed: ArrayBuffer) => Promise<string>) | null

export const unpack: Unpack =
  typeof DecompressionStream === 'undefined'
    ? null
    : (packed) => new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
