import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { basePathOf, pageBelow } from '../../core/run/base-path.ts'
import { pathOf } from './problem.ts'

/** Addresses for programs: they never answer with the web app. */
const PROGRAMS = /^\/(api|mcp|ws|oauth|metrics|\.well-known)(\/|$)/

/** Pages for people under these addresses, when an assistant requests access. */
const PEOPLE = /^\/oauth\/(consent\/[\w-]+|problem)$/

export interface WebApp {
  /** Whether a request without a route is for a page of the app, whose address only the browser interprets. */
  isPage(request: FastifyRequest): boolean
  sendPage(request: FastifyRequest, reply: FastifyReply): FastifyReply
}

const PAGE = 'index.html'

/** Serves the built web app: hashed files are cached for ever, all others are revalidated. */
export async function web(app: FastifyInstance, folder: string | null): Promise<WebApp | null> {
  if (!folder || !existsSync(join(folder, PAGE))) return null
  const hashed = join(folder, 'assets') + sep
  const { publicUrl } = app
  const isBelow = basePathOf(publicUrl) !== ''
  await app.register(fastifyStatic, {
    root: folder,
    index: isBelow ? false : PAGE,
    dotfiles: 'ignore',
    preCompressed: true,
    cacheControl: false,
    allowedPath: (path) => !isForPrograms(path),
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.startsWith(hashed) ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  const sendPage = isBelow
    ? pageSender(pageBelow(publicUrl, readFileSync(join(folder, PAGE), 'utf8')))
    : (_request: FastifyRequest, reply: FastifyReply) => reply.sendFile(PAGE)
  if (isBelow) for (const path of ['/', `/${PAGE}`]) app.get(path, sendPage)
  return {
    isPage: (request) =>
      (request.method === 'GET' || request.method === 'HEAD') &&
      /\btext\/html\b/.test(request.headers.accept ?? '') &&
      !isForPrograms(pathOf(request)),
    sendPage,
  }
}

/**
 * With a base path, the served page differs from the built file: it contains the base path for its files and its app.
 * All other built files use relative addresses.
 */
function pageSender(page: string) {
  const etag = `W/"${createHash('sha256').update(page).digest('base64url').slice(0, 27)}"`
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    reply.header('cache-control', 'no-cache').header('etag', etag)
    if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
    return reply.code(200).type('text/html; charset=utf-8').send(page)
  }
}

/** Routes match the decoded path, so this checks it too. */
function isForPrograms(path: string): boolean {
  try {
    const decoded = decodeURIComponent(path)
    return PROGRAMS.test(decoded) && !PEOPLE.test(decoded)
  } catch {
    return true
  }
}
