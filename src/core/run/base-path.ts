/**
 * The path below which browsers and programs reach this server: that of APP_URL, like `/trek`, or none. Only this file
 * adds or removes it. Inside the server every path is without it. A proxy that keeps it forwards `/trek/api/trips`, one
 * that strips it forwards `/api/trips`. No path of ours begins with `/trek`, since `isTaken` forbids that.
 */

/** The first segments of the paths of this server: of APIs, of pages, and of files. */
const TAKEN = [
  ...['.well-known', 'api', 'authorize', 'mcp', 'oauth', 'register', 'token', 'ws'],
  ...['account', 'admin', 'atlas', 'login', 'settings', 'shared', 'trips'],
  ...['assets', 'basemap', 'icon.svg', 'index.html', 'theme.js'],
]

/** Whether a path of this server begins with the same segment, which would make requests ambiguous. */
export const isTaken = (path: string): boolean => TAKEN.includes(path.split('/')[1] as string)

/** Without a slash at the end; empty if the server has no base path. */
export const basePathOf = (publicUrl: string | null): string =>
  publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/$/, '')

/** The path of one of our paths for a browser. */
export const pathBelow = (publicUrl: string | null, path: string): string => basePathOf(publicUrl) + path

/**
 * The public URL of one of our paths. In a well-known URI the base path follows the well-known name (RFC 8414 section
 * 3.1, RFC 9728).
 */
export function addressOf(publicUrl: string, path: string): string {
  const [, name, rest = ''] = WELL_KNOWN.exec(path) ?? []
  return name ? `${new URL(publicUrl).origin}${name}${basePathOf(publicUrl)}${rest}` : publicUrl + path
}

const WELL_KNOWN = /^(\/\.well-known\/[^/?]+)(.*)$/

/**
 * Returns a function that maps a requested URL to one of our paths. It removes the base path if there is one, also
 * inside of a well-known URI.
 */
export function arrivedAt(publicUrl: string | null): (url: string) => string {
  const base = basePathOf(publicUrl)
  if (!base) return (url) => url
  const below = (url: string): string | null => {
    const rest = url.startsWith(base) ? url.slice(base.length) : null
    return rest === null || !/^([/?]|$)/.test(rest) ? null : rest
  }
  return (url) => {
    const rest = below(url)
    const path = rest === null || rest.startsWith('/') ? (rest ?? url) : `/${rest}`
    const [, name, more = ''] = WELL_KNOWN.exec(path) ?? []
    return name ? name + (below(more) ?? more) : path
  }
}

/** The public URL of the same server at another origin. */
export const movedTo = (publicUrl: string, origin: string): string => origin + basePathOf(publicUrl)

/** Our path for a public URL, or null if it is not a URL of this server. */
export function pathAt(publicUrl: string, url: URL): string | null {
  const own = new URL(publicUrl)
  const base = basePathOf(publicUrl)
  if (url.origin !== own.origin || !`${url.pathname}/`.startsWith(`${base}/`)) return null
  return url.pathname.slice(base.length) || '/'
}

/**
 * A page of HTML for delivery below a base path: its addresses get the base path, and a meta element gives it to the
 * scripts.
 */
export function pageBelow(publicUrl: string | null, html: string): string {
  const base = basePathOf(publicUrl)
  if (!base) return html
  const moved = html.replaceAll(
    /\b(href|src)="(\/[^"]*)"/g,
    (_, name: string, path: string) => `${name}="${base}${path}"`,
  )
  return moved.replace('</head>', `  <meta name="base-path" content="${base}" />\n  </head>`)
}
