import { z } from 'zod'
import { administration, operation } from '../../../core/declare/operation.ts'

const Release = z.object({
  version: z.string(),
  url: z.string().nullable().describe('Address of its release notes, http or https; null when unknown.'),
})

export const get_version = operation({
  name: 'get_version',
  title: 'See the version of TREK',
  description: 'Which version of TREK this server runs.',
  effect: 'read',
  scope: null,
  expose: ['rest'],
  route: 'GET /version',
  input: z.object({}),
  output: z.object({ version: z.string() }),
})

export const find_newer_release = operation({
  name: 'find_newer_release',
  title: 'See whether there is a newer release',
  description:
    'Whether a newer release of TREK is out. The server asks only if RELEASES_URL is set, and at most once a day.',
  effect: 'read',
  scope: null,
  permission: administration,
  expose: ['rest'],
  openWorld: true,
  route: 'GET /admin/newer-release',
  input: z.object({}),
  output: z.object({
    version: z.string().describe('Version that this server runs.'),
    state: z
      .enum(['newer', 'newest', 'unknown', 'not_asked'])
      .describe(
        'newer: `release` is out. newest: this server runs the newest. unknown: `problem` says why. not_asked: RELEASES_URL is not set.',
      ),
    release: Release.nullable().describe('The newer release; null when none is known.'),
    problem: z.string().nullable().describe('Why the state is unknown, as a sentence; null otherwise.'),
  }),
})
