import parse from 'semver/functions/parse.js'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import type { Config } from '../config.ts'
import type { Outgoing } from './outgoing.ts'

export interface Release {
  readonly version: string
  /** Where it can be read about or had, on the web; null where nobody says. */
  readonly url: string | null
}

/** What is known of releases; `newest` means that none is newer than the one that runs. */
export type Known =
  | { readonly state: 'not_asked' }
  | { readonly state: 'newest' }
  | { readonly state: 'newer'; readonly release: Release }
  | { readonly state: 'unknown'; readonly problem: string }

/** Knows whether there is a newer release than the one that runs, or says in words why not; it never throws. */
export interface Releases {
  look(): Promise<Known>
}

/** Used where RELEASES_URL is not set: no server is asked. */
export const noReleases: Releases = { look: async () => ({ state: 'not_asked' }) }

const link = z.unknown().optional()
const Answer = z.union([
  z.object({ version: z.string(), url: link }),
  z.object({ tag_name: z.string(), html_url: link }).transform((one) => ({ version: one.tag_name, url: one.html_url })),
])

// Somebody has opened a page.
const TIMEOUT_MS = 5000
/** GitHub tells of each file of a release, and what has changed. */
const MAX_BYTES = 512 * 1024
const LONGEST_LINK = 2000
const HOUR_MS = 3600_000
const DAY_MS = 24 * HOUR_MS

/**
 * Asks when somebody wants to know, and at most once a day, or once an hour while that fails. Each process remembers the answer for
 * itself: it asks so rarely that to share the answer is not worth a row. `steady` is a clock that only goes forward, in milliseconds.
 */
export function releasesOf(
  { releasesUrl }: Pick<Config, 'releasesUrl'>,
  outgoing: Pick<Outgoing, 'json'>,
  running: string = packageJson.version,
  steady: () => number = () => performance.now(),
): Releases {
  if (!releasesUrl) return noReleases
  let last: { readonly known: Promise<Known>; until: number } | null = null

  async function ask(url: string): Promise<Known> {
    try {
      const body = await outgoing.json(url, { trusted: true, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES })
      const release = releaseIn(body)
      if (!release) return { state: 'unknown', problem: `${new URL(url).host} does not answer with a version` }
      return isNewer(release.version, running) ? { state: 'newer', release } : { state: 'newest' }
    } catch (error) {
      return { state: 'unknown', problem: (error as Error).message }
    }
  }

  return {
    look() {
      if (last && steady() < last.until) return last.known
      const known = ask(releasesUrl)
      const fresh = { known, until: steady() + DAY_MS }
      last = fresh
      void known.then(({ state }) => {
        if (state === 'unknown') fresh.until = steady() + HOUR_MS
      })
      return known
    },
  }
}

/** The release that an answer names; null where it names none. */
export function releaseIn(body: unknown): Release | null {
  const answer = Answer.safeParse(body)
  if (!answer.success) return null
  const version = parse(answer.data.version)?.version
  return version === undefined ? null : { version, url: webLink(answer.data.url) }
}

/** By the rules of Semantic Versioning; what is no version is not newer. A pre-release is only for who runs one. */
export function isNewer(version: string, running: string): boolean {
  const [own, other] = [parse(running), parse(version)]
  if (!own || !other || (other.prerelease.length && !own.prerelease.length)) return false
  return other.compare(own) > 0
}

/** An address that a browser may be sent to, and that shows where it leads. */
function webLink(address: unknown): string | null {
  if (typeof address !== 'string' || address.length > LONGEST_LINK) return null
  const url = URL.parse(address)
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url.href : null
}
