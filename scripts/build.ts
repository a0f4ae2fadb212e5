import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PARTS, ROOT, staleParts } from './freshness.js'

/**
 * Builds into `dist` what is not built, or is older than its sources: the app, the map of the world, the server. Says nothing when
 * there is nothing to do.
 */
const BUILDERS = {
  web: async () => (await import('./build-web.ts')).buildWeb(join(ROOT, 'dist/web')),
  basemap: async () => (await import('./basemap.ts')).writeBasemap(join(ROOT, 'dist/web/basemap')),
  server: async () => (await import('./build-server.ts')).buildServer(join(ROOT, 'dist')),
}
const NAMES = { web: 'the app', basemap: 'the map of the world', server: 'the server' }

// Vite takes it for the mode: a test run that builds first would get the development build of React.
process.env.NODE_ENV = 'production'

for (const part of staleParts()) {
  const begun = performance.now()
  await BUILDERS[part]()
  const mark = join(ROOT, PARTS[part].mark)
  mkdirSync(dirname(mark), { recursive: true })
  writeFileSync(mark, '')
  console.log(`Built ${NAMES[part]} in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
}
