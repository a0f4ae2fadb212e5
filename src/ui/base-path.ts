/**
 * The path of the server and its app, like `/trek`; empty if they have their own host. The server writes it into the
 * page, because the same build serves any path. No other code prefixes paths.
 */
export const BASE_PATH = globalThis.document?.querySelector('meta[name="base-path"]')?.getAttribute('content') ?? ''

/** One of our paths, as a URL for the browser. */
export const pathOf = (path: string): string => BASE_PATH + path

/** One of our paths, as an absolute address to share. */
export const addressOf = (path: string): string => location.origin + pathOf(path)

/** The storage key for this server: other paths of the host have their own. */
export const rememberedAs = (name: string): string => (BASE_PATH ? `${name}@${BASE_PATH}` : name)
