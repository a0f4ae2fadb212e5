import { describe, expect, test } from 'vitest'
import { raw } from '../../../test/harness/network/raw-http.ts'
import { HttpRig } from '../../../test/harness/rigs/http-rig.ts'

const rig = HttpRig.use({}, 'https://example.org/trek')

const browse = (path: string, more: Record<string, string> = {}) =>
  raw(rig.base, path, { headers: { accept: 'text/html,*/*', ...more } })

/** Requests as they arrive from a proxy that keeps the path, and from one that removes it. */
describe.each(['/trek', ''])('a server below a path, asked at %j', (arrives) => {
  test('answers requests, and links a problem to the description of its kind', async () => {
    const answer = await raw(rig.base, `${arrives}/api/echo?a=b`)
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { query: { a: 'b' } }])
    const notFound = await raw(rig.base, `${arrives}/api/nothing`)
    expect([notFound.status, JSON.parse(notFound.text).type]).toEqual([404, '/trek/api/docs#problem-not_found'])
    const wrong = await raw(rig.base, `${arrives}/api/echo`, { method: 'DELETE' })
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET, HEAD, POST'])
  })

  test('sends the page at every address of the app, with its files below the path', async () => {
    for (const path of ['/', '/index.html', '/trips/5?day=3', '/oauth/consent/Ab1']) {
      const { status, headers, text } = await browse(arrives + path)
      expect([path, status, headers['cache-control']]).toEqual([path, 200, 'no-cache'])
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(text).toContain('<link rel="icon" href="/trek/icon.svg" />')
      expect(text).toContain('<meta name="base-path" content="/trek" />')
    }
    expect((await browse(`${arrives}/oauth/token`)).status).toBe(404)
  })

  test('sends a page again only if it has changed', async () => {
    const { headers } = await browse(`${arrives}/trips/5`)
    const secondAnswer = await browse(`${arrives}/`, { 'if-none-match': String(headers.etag) })
    expect([secondAnswer.status, secondAnswer.text]).toEqual([304, ''])
    expect((await browse(`${arrives}/`, { 'if-none-match': 'W/"other"' })).status).toBe(200)
  })

  test('sends files unchanged', async () => {
    const script = await raw(rig.base, `${arrives}/assets/app-Ab12.js`)
    expect([script.status, script.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
    expect((await raw(rig.base, `${arrives}/icon.svg`)).status).toBe(200)
  })

  test('allows pages of other sites where a server without a path would', async () => {
    const { status } = await raw(rig.base, `${arrives}/mcp`, { headers: { origin: 'https://evil.example' } })
    expect(status).toBe(403)
    expect((await raw(rig.base, `${arrives}/mcp`, { headers: { origin: 'https://example.org' } })).status).toBe(200)
  })
})

test('the bare path is the app, and other paths of the host are not', async () => {
  expect((await browse('/trek')).text).toContain('content="/trek"')
  expect(JSON.parse((await raw(rig.base, '/trekking/api/echo')).text).type).toBe('/trek/api/docs#problem-not_found')
})

test('settings for the whole host are left to its owner', async () => {
  expect((await browse('/trek/')).headers).not.toHaveProperty('strict-transport-security')
})

test('the log has paths without the base path', async () => {
  await raw(rig.base, '/trek/api/things/7')
  expect(rig.lines.filter((line) => line.includes('"/api/things/7"'))).toHaveLength(1)
})
