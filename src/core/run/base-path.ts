/**
 * The path below which browsers and programs find this server: that of APP_URL, like `/trek`, or none. Nobody else puts it in front
 * of a path or takes it off. Inside the server every path is without it, whatever a proxy does: one that keeps it passes on
 * `/trek/api/trips`, one that takes it off `/api/trips`, and no path of ours begins with `/trek`, since `isTaken` forbids that.
 */

/** With what the paths of this server begin: those that programs ask, those of pages, and those of files. */
const TAKEN = [
  ...['.well-known', 'api', 'authorize', 'mcp', 'oauth', 'register', 'token', 'ws'],
  ...['account', 'admin', 'atlas', 'login', 'settings', 'shared', 'trips'],
  ...['assets', 'basemap', 'icon.svg', 'index.html', 'theme.js'],
]

/** Whether a path of this server begins like this one, so that nobody could tell which of the two was asked for. */
export const isTaken = (path: string): boolean => TAKEN.includes(path.split('/')[1] as string)

/** Without a slash at the end; empty where the server has its host for itself. */
export const basePathOf = (publicUrl: string | null): string =>
  publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/$/, '')

/** One of our paths as a browser has to ask for it. */
export const pathBelow = (publicUrl: string | null, path: string): string => basePathOf(publicUrl) + path

/** One of our paths as an address of the world. A well-known document stands between host and path (RFC 8414 section 3.1, RFC 9728). */
export function addressOf(publicUrl: string, path: string): string {
  const [, name, rest = ''] = WELL_KNOWN.exec(path) ?? []
  return name ? `${new URL(publicUrl).origin}${name}${basePathOf(publicUrl)}${rest}` : publicUrl + path
}

const WELL_KNOWN = /^(\/\.well-known\/[^/?]+)(.*)$/

/** What was asked for, as one of our paths, with or without the base path in front, and of a well-known document in its middle. */
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

/** The public address if the same server were at another origin. */
export const movedTo = (publicUrl: string, origin: string): string => origin + basePathOf(publicUrl)

/** Which of our paths an address of the world is, or null where it belongs to somebody else. */
export function pathAt(publicUrl: string, url: URL): string | null {
  const own = new URL(publicUrl)
  const base = basePathOf(publicUrl)
  if (url.origin !== own.origin || !`${url.pathname}/`.startsWith(`${base}/`)) return null
  return url.pathname.slice(base.length) || '/'
}

/** A page of HTML as it is sent below a base path: the addresses in it are there, and its scripts are told where to ask. */
export function pageBelow(publicUrl: string | null, html: string): string {
  const base = basePathOf(publicUrl)
  if (!base) return html
  const moved = html.replaceAll(
    /\b(href|src)="(\/[^"]*)"/g,
    (_, name: string, path: string) => `${name}="${base}${path}"`,
  )
  return moved.replace('</head>', `  <meta name="base-path" content="${base}" />\n  </head>`)
}
