import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { pathOf } from './problem.ts'

/** Addresses that belong to programs: they never answer with the web app. */
const PROGRAMS = /^\/(api|mcp|ws|oauth|metrics|\.well-known)(\/|$)/

/** What a person is shown in between, where an assistant asks for access. */
const PEOPLE = /^\/oauth\/(consent\/[\w-]+|problem)$/

/**
 * Serves the built web app: files with a hash in their name for ever, everything else checked anew each time. Answers whether
 * a request that found nothing is a page of the app, whose address only the browser understands.
 */
export async function web(app: FastifyInstance, folder: string | null): Promise<(request: FastifyRequest) => boolean> {
  if (!folder || !existsSync(join(folder, 'index.html'))) return () => false
  const hashed = join(folder, 'assets') + sep
  await app.register(fastifyStatic, {
    root: folder,
    index: 'index.html',
    dotfiles: 'ignore',
    preCompressed: true,
    cacheControl: false,
    allowedPath: (path) => !isForPrograms(path),
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.startsWith(hashed) ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  return (request) =>
    (request.method === 'GET' || request.method === 'HEAD') &&
    /\btext\/html\b/.test(request.headers.accept ?? '') &&
    !isForPrograms(pathOf(request))
}

/** Routes are found by the decoded path, so it is what counts here too. */
function isForPrograms(path: string): boolean {
  try {
    const decoded = decodeURIComponent(path)
    return PROGRAMS.test(decoded) && !PEOPLE.test(decoded)
  } catch {
    return true
  }
}
