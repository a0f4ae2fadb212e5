import { until } from '../until.ts'
import { Copy, LiveClient } from './live-client.ts'
import { browserOf } from './oauth.ts'

/**
 * A member's copy of a space, without a browser. It logs in, follows the space over the socket as the app does, and writes over
 * REST with the same cookie.
 */
export async function follow(
  url: string,
  member: { username: string; password: string },
  id: number,
  space: 'trip' | 'user' = 'trip',
) {
  const browser = await browserOf({ url }, member)
  const live = await LiveClient.open(url, 0, { headers: { cookie: browser.cookieFor('/ws'), origin: url } })
  const raw: string[] = []
  const copy = new Copy()
  live.socket.on('message', (frame) => raw.push(String(frame)))
  live.onFrame = (frame) => copy.apply(frame)
  live.subscribe(id, {}, space)
  await live.first('snapshot')
  /** Waits until the copy has a row of this entity with these values, for each of `expectedRows`. */
  const waitForRows = (entity: string, ...expectedRows: object[]) =>
    until(
      () => expectedRows.every((one) => copy.table(entity).some((row) => hasValues(row, one))),
      10_000,
      `${entity} ${JSON.stringify(expectedRows)}`,
    )
  return {
    /** All frames, unparsed. */
    raw,
    waitForRows,
    rows: (entity: string) => copy.table(entity),
    async sends(method: string, path: string, body: object): Promise<void> {
      const headers = { 'content-type': 'application/json', origin: url }
      const answer = await browser.fetch(`/api${path}`, { method, headers, body: JSON.stringify(body) })
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    },
    close: () => live.close(),
  }
}

export type Follower = Awaited<ReturnType<typeof follow>>

const hasValues = (row: Record<string, unknown>, expected: object): boolean =>
  Object.entries(expected).every(([key, value]) => row[key] === value)
