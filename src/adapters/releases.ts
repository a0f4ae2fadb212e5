import parse from 'semver/functions/parse.js'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import type { Config } from '../config/index.ts'
import type { HttpClient } from './http/client.ts'

export interface Release {
  readonly version: string
  /** A web page about the release; null if not given. */
  readonly url: string | null
}

/** The known state of releases; `newest` means that none is newer than the running one. */
export type Known =
  | { readonly state: 'not_asked' }
  | { readonly state: 'newest' }
  | { readonly state: 'newer'; readonly release: Release }
  | { readonly state: 'unknown'; readonly problem: string }

/** Checks for a release newer than the running one, or returns why it cannot; never throws. */
export interface Releases {
  look(): Promise<Known>
}

/** Used if RELEASES_URL is not set: calls no server. */
export const noReleases: Releases = { look: async () => ({ state: 'not_asked' }) }

const link = z.unknown().optional()
const Answer = z.union([
  z.object({ version: z.string(), url: link }),
  z.object({ tag_name: z.string(), html_url: link }).transform((one) => ({ version: one.tag_name, url: one.html_url })),
])

// A person waits for a page.
const TIMEOUT_MS = 5000
/** GitHub's answer lists each file of a release and its changes. */
const MAX_BYTES = 512 * 1024
const LONGEST_LINK = 2000
const HOUR_MS = 3600_000
const DAY_MS = 24 * HOUR_MS

/**
 * Checks on demand, at most once a day, or once an hour while that fails. Each process caches its own answer: calls are
 * too rare to justify a row. `steady` is a monotonic clock in milliseconds.
 */
export function releasesOf(
  { releasesUrl }: Pick<Config, 'releasesUrl'>,
  http: Pick<HttpClient, 'json'>,
  running: string = packageJson.version,
  steady: () => number = () => performance.now(),
): Releases {
  if (!releasesUrl) return noReleases
  let last: { readonly known: Promise<Known>; until: number } | null = null

  async function ask(url: string): Promise<Known> {
    try {
      const body = await http.json(url, { trusted: true, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES })
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
      const answer = ask(releasesUrl)
      const fresh = { known: answer, until: steady() + DAY_MS }
      last = fresh
      void answer.then(({ state }) => {
        if (state === 'unknown') fresh.until = steady() + HOUR_MS
      })
      return answer
    },
  }
}

/** The release in an answer; null if there is none. */
export function releaseIn(body: unknown): Release | null {
  const answer = Answer.safeParse(body)
  if (!answer.success) return null
  const version = parse(answer.data.version)?.version
  return version === undefined ? null : { version, url: webLink(answer.data.url) }
}

/** By Semantic Versioning; an invalid version is not newer. Pre-releases are offered only to those who run one. */
export function isNewer(version: string, running: string): boolean {
  const [own, other] = [parse(running), parse(version)]
  if (!own || !other || (other.prerelease.length && !own.prerelease.length)) return false
  return other.compare(own) > 0
}

/** A URL that a browser can be sent to and that does not hide where it leads. */
function webLink(address: unknown): string | null {
  if (typeof address !== 'string' || address.length > LONGEST_LINK) return null
  const url = URL.parse(address)
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url.href : null
}
