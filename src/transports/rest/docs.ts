import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { pageBelow } from '../../core/run/base-path.ts'

const PAGES = {
  '/api/docs': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/api/docs/docs.css': { file: 'docs.css', type: 'text/css; charset=utf-8' },
  '/api/docs/docs.js': { file: 'docs.js', type: 'text/javascript; charset=utf-8' },
} as const

/** A page to browse and try the API, served without external resources. */
export async function docs(app: FastifyInstance): Promise<void> {
  for (const [url, { file, type }] of Object.entries(PAGES)) {
    const source = await readFile(new URL(`docs/${file}`, import.meta.url), 'utf8')
    const content = file === 'index.html' ? pageBelow(app.publicUrl, source) : source
    app.get(url, async (_request, reply) => reply.header('cache-control', 'no-cache').type(type).send(content))
  }
}
