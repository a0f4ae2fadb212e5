import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PARTS, ROOT, staleParts } from './freshness.js'

/**
 * Builds the app, the map of the world and the server into `dist`, each if it is missing or older than its sources. Prints
 * nothing if everything is up to date.
 */
const BUILDERS = {
  web: async () => (await import('./build-web.ts')).buildWeb(join(ROOT, 'dist/web')),
  basemap: async () => (await import('./basemap.ts')).writeBasemap(join(ROOT, 'dist/web/basemap')),
  server: async () => (await import('./build-server.ts')).buildServer(join(ROOT, 'dist')),
}
const NAMES = { web: 'the app', basemap: 'the map of the world', server: 'the server' }

// Vite derives its mode from NODE_ENV: with that of a test run it would bundle the development build of React.
process.env.NODE_ENV = 'production'

for (const part of staleParts()) {
  const begun = performance.now()
  await BUILDERS[part]()
  const mark = join(ROOT, PARTS[part].mark)
  mkdirSync(dirname(mark), { recursive: true })
  writeFileSync(mark, '')
  console.log(`Built ${NAMES[part]} in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
}
