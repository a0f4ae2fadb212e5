/**
 * The path below which the server and its app are found, like `/trek`; empty where they have their host for themselves. The server says it
 * in the page, since the same build is served anywhere. Nobody else puts it in front of a path.
 */
export const BASE_PATH = globalThis.document?.querySelector('meta[name="base-path"]')?.getAttribute('content') ?? ''

/** One of our paths as the browser has to ask for it. */
export const pathOf = (path: string): string => BASE_PATH + path

/** One of our paths as an address that can be given to others. */
export const addressOf = (path: string): string => location.origin + pathOf(path)

/** The name under which this browser remembers something for this server alone: below other paths of the host others do. */
export const rememberedAs = (name: string): string => (BASE_PATH ? `${name}@${BASE_PATH}` : name)
