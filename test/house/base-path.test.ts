import { globSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isTaken } from '../../src/core/run/base-path.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { type Running, startRunning } from '../harness/rigs/running.ts'

/** A server recognizes its base path by the beginning of a URL, so no path of TREK may begin like a possible base path. */

let place: Place
let running: Running
beforeAll(async () => {
  place = await ENGINES[0].place({ migrated: true })
  running = await startRunning(place.target)
})
afterAll(async () => {
  await running.close()
  await place.remove()
})

const pathsNotTaken = (paths: readonly string[]) => paths.filter((path) => /^\/[^/:$*]/.test(path) && !isTaken(path))

test('no route begins like a possible base path', () => {
  const routeTree = running.server.app.printRoutes({ commonPrefix: false })
  const firstSegments = routeTree.split('\n').flatMap((line) => /^[├└]── (\S+)/.exec(line)?.[1] ?? [])
  expect(firstSegments.length).toBeGreaterThan(5)
  expect(pathsNotTaken(firstSegments)).toEqual([])
})

test('no page and no file of the app begins like a possible base path', () => {
  const sources = globSync(['src/app/router.tsx', 'src/**/web/register.ts'])
  const pages = sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bpath: '(\/[^']*)'/g)].map(([, path = '']) => path),
  )
  expect(pages).toContain('/login')
  expect(pages).toContain('/atlas')
  expect(pathsNotTaken(pages)).toEqual([])
  const files = globSync('*', { cwd: 'dist/web' }).filter((name) => !/^\.|\.br$/.test(name))
  expect(files).toContain('assets')
  expect(pathsNotTaken(files.map((name) => `/${name}`))).toEqual([])
})

/** Addresses in the app that are not operations or pages of the router. Each such line must add the base path. */
const ADDRESS = /\blocation\.(origin|host)\b|['"`]\/(api|ws|basemap|assets|shared)\b|\b(href|src)="\//
const KNOWN: Record<string, string> = {
  'src/ui/base-path.ts': 'adds the base path',
  'src/ui/call.ts': 'names the root of all operations, and adds the base path',
  'src/features/doctor/web/doctor.tsx': 'shows the origin at which the app was opened',
  'src/features/sharing/web/register.ts': 'is a page of the router, which knows the base path',
}

test('the app builds no address without the base path', () => {
  const files = globSync(['src/{app,ui}/**/*.{ts,tsx}', 'src/{features/*,identity}/web/**/*.{ts,tsx}'])
  const lines = files
    .filter((file) => !file.endsWith('.test.ts') && !(file in KNOWN))
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => `${file}: ${line.trim()}`),
    )
  const linesWithAddress = lines.filter((line) => ADDRESS.test(line))
  expect(linesWithAddress.length).toBeGreaterThan(2)
  expect(linesWithAddress.filter((line) => !/\b(pathOf|addressOf)\(/.test(line))).toEqual([])
})
