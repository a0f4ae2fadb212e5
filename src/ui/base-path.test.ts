import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** Loads the app modules with a page that has this base path. */
async function loadedWith(content: string | null) {
  vi.resetModules()
  vi.stubGlobal('document', {
    querySelector: (selector: string) =>
      selector === 'meta[name="base-path"]' && content !== null ? { getAttribute: () => content } : null,
  })
  vi.stubGlobal('location', { origin: 'https://example.org' })
  const { addressOf, pathOf, rememberedAs } = await import('./base-path.ts')
  const { requestFor } = await import('./call.ts')
  const { who_am_i } = await import('../identity/contract/log-in.ts')
  const { list_trips } = await import('../features/trips/contract/index.ts')
  return {
    page: pathOf('/'),
    link: addressOf('/shared/abc'),
    remembered: rememberedAs('trek.fold'),
    route: requestFor(who_am_i, {}).url,
    operation: requestFor(list_trips, {}).url,
  }
}

test('all requests and links of the app are under the base path of its page', async () => {
  expect(await loadedWith('/trek')).toEqual({
    page: '/trek/',
    link: 'https://example.org/trek/shared/abc',
    remembered: 'trek.fold@/trek',
    route: '/trek/api/auth/me',
    operation: '/trek/api/trips',
  })
})

test('without a base path the app is at the root of its host', async () => {
  expect(await loadedWith(null)).toEqual({
    page: '/',
    link: 'https://example.org/shared/abc',
    remembered: 'trek.fold',
    route: '/api/auth/me',
    operation: '/api/trips',
  })
})
