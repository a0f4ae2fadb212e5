import { vi } from 'vitest'

/**
 * Replaces `src/adapters/http/ssrf-guard.ts`. It refuses the same addresses, except that 127.0.0.3 counts as an address on the
 * internet and a test sets the addresses of names.
 */
const guard = await vi.importActual<typeof import('../../../src/adapters/http/ssrf-guard.ts')>(
  '../../../src/adapters/http/ssrf-guard.ts',
)

export const INTERNET = '127.0.0.3'

/** The addresses of a name for each look-up in turn; the last ones stay. */
export const names = new Map<string, string[][]>()

export const { createSsrfGuard } = guard

export const mayCall = (address: string, allowInternal: boolean): boolean =>
  address === INTERNET || guard.mayCall(address, allowInternal)

export async function resolveName(name: string) {
  const answers = names.get(name) ?? []
  const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? []
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
}
