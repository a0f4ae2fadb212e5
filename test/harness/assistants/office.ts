import type { Browser } from 'playwright-core'
import { expect } from 'vitest'
import type { Environment } from '../../../src/config/index.ts'
import type { Input } from '../../../src/core/declare/operation.ts'
import { create_oauth_client, list_grant_changes, list_oauth_grants } from '../../../src/identity/contract/oauth.ts'
import type { Place } from '../database/databases.ts'
import { startProxy } from '../network/proxy.ts'
import { startRunning } from '../rigs/running.ts'
import { openCallback } from './callback.ts'
import { openPerson } from './person.ts'

interface Surroundings {
  /** Whether a reverse proxy is in front of the server; `proxy.use` sets its faults. */
  readonly proxied?: boolean
  /** The path below which the proxy serves the server. */
  readonly below?: string
  readonly env?: Environment
}

/** A server, a person with a browser, and the port on which their assistants wait for the browser. */
export async function openOffice(
  browser: Browser,
  find: () => Promise<Place>,
  { proxied = false, below = '', env = {} }: Surroundings = {},
) {
  const place = await find()
  const proxy = await startProxy(null)
  const running = await startRunning(place.target, {
    ...env,
    ...(proxied && { APP_URL: proxy.url + below, HOST: '127.0.0.1' }),
  })
  proxy.aim(running.url)
  const url = proxied ? proxy.url + below : running.url
  const { pipeline, database } = running
  const ana = await running.person('Ana')
  const person = await openPerson(browser, url, ana)
  const callback = await openCallback()
  const grants = async () => (await pipeline.run(list_oauth_grants, {}, ana.caller)).grants
  return {
    running,
    /** The public address of the server. */
    url,
    proxy,
    ana,
    person,
    callback,

    /** Expires all access tokens, as an hour does. */
    async expireAccessTokens(): Promise<void> {
      await database.kysely
        .updateTable('oauth_artifacts')
        .set({ expires_at: new Date(Date.now() - 1000).toISOString() })
        .where('model', 'in', ['AccessToken', 'ClientCredentials'])
        .execute()
    },

    /** The grants of a client. */
    grantsOf: async (clientId: string) => (await grants()).filter(({ client_id }) => client_id === clientId),
    grantsNamed: async (name: RegExp) => (await grants()).filter(({ client_name }) => name.test(client_name)),

    /** The number of trips that were changed with a grant. */
    async tripsChangedBy(grant: { id: number } | undefined): Promise<number> {
      const { changes } = await pipeline.run(list_grant_changes, { grantId: grant?.id ?? 0 }, ana.caller)
      return new Set(changes.flatMap(({ trip_id }) => trip_id ?? [])).size
    },

    /** Registers a program, as its owner does in the settings. */
    addClient: (input: Partial<Input<typeof create_oauth_client>>) =>
      pipeline.run(
        create_oauth_client,
        { name: 'Planner', scopes: ['trips:read', 'trips:write'], ...input },
        {
          ...ana.caller,
          way: 'web',
        },
      ),

    async close(): Promise<void> {
      await person.close()
      await callback.close()
      await proxy.close()
      await running.close()
      await place.remove()
      expect(running.failures).toEqual([])
    },
  }
}

export type Office = Awaited<ReturnType<typeof openOffice>>
