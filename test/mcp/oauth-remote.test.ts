import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { update_trip } from '../../src/features/trips/contract/index.ts'
import { createTrip, toolsOf, useEverything } from '../harness/assistants/assistants.ts'
import { type Office, openOffice } from '../harness/assistants/office.ts'
import { type Home, makeHome, type Remote, startRemote } from '../harness/assistants/remote.ts'
import { withBrowser } from '../harness/browser/browsing.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { until } from '../harness/until.ts'

/**
 * mcp-remote, which connects assistants that speak stdio alone, started as people start it: with the address of the
 * server.
 */

const browser = withBrowser()
let office: Office
beforeAll(async () => {
  office = await openOffice(browser(), ENGINES[0].place, { proxied: true })
})
afterAll(async () => {
  await office.close()
})

const homes: Home[] = []
const remotes: Remote[] = []
afterEach(async () => {
  await Promise.all(remotes.splice(0).map((remote) => remote.close()))
  for (const home of homes.splice(0)) home.remove()
})

function newHome(): Home {
  const home = makeHome()
  homes.push(home)
  return home
}

function start(home: Home, ...more: string[]): Remote {
  const remote = startRemote(office.url, home, ...more)
  remotes.push(remote)
  return remote
}

const createTrips = (from: readonly Remote[]) => Promise.all(from.map(({ client }) => createTrip(client)))

test('one consent lets in several of them that share a home directory, and none is logged out', {
  timeout: 180_000,
}, async () => {
  const home = newHome()
  const three = [start(home), start(home), start(home)]
  await office.person.allow(await home.nextOpened())
  await Promise.all(three.map(({ connected }) => connected))
  await useEverything((three[0] as Remote).client)

  // All are refused at the same time.
  await office.expireAccessTokens()
  await createTrips(three)
  // All refresh at the same time, before a refusal.
  home.expireTokens()
  await createTrips(three)
  expect(three.map(({ said }) => said()).join()).toContain('Refreshed the access token before it expired')
  await createTrips(three)

  // One that starts later uses the tokens of the others.
  const laterRemote = start(home, '--protocol', 'auto')
  await laterRemote.connected
  await useEverything(laterRemote.client)
  expect(home.timesOpened()).toBe(1)
  const [grant, ...others] = await office.grantsNamed(/MCP CLI Proxy|mcp-remote/i)
  expect(others).toEqual([])
  expect(await office.tripsChangedBy(grant)).toBe(11)
})

test('a client registered by its owner connects with its secret', { timeout: 120_000 }, async () => {
  const { client, client_secret } = await office.addClient({ redirect_uris: ['http://localhost'] })
  const home = newHome()
  const info = JSON.stringify({ client_id: client.client_id, client_secret })
  const remote = start(home, '--static-oauth-client-info', info)
  await office.person.allow(await home.nextOpened())
  await remote.connected
  await createTrip(remote.client)
  expect(await toolsOf(remote.client)).not.toContain('create_place')
  await office.expireAccessTokens()
  await createTrip(remote.client)
  expect(home.timesOpened()).toBe(1)
})

test('a client that requests scopes gets those, behind a proxy that sends false headers', {
  timeout: 120_000,
}, async () => {
  office.proxy.use({ host: true, forwardedProto: 'ftp', forwardedHost: 'evil.example' })
  const home = newHome()
  const remote = start(home, '--static-oauth-client-metadata', JSON.stringify({ scope: 'trips:read trips:write' }))
  await office.person.allow(await home.nextOpened())
  await remote.connected
  await createTrip(remote.client)
  expect(await toolsOf(remote.client)).not.toContain('create_place')
  await office.expireAccessTokens()
  await createTrip(remote.client)
  expect(home.timesOpened()).toBe(1)
  office.proxy.use({})
})

/** Resolves when the event stream of the assistant is open: when it reports a change by another client. */
async function hearsOf(client: Remote['client'], tripId: number): Promise<void> {
  let hasPrinted = false
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, () => {
    hasPrinted = true
  })
  await client.subscribeResource({ uri: `trek://trips/${tripId}` })
  const { pipeline } = office.running
  let changes = 0
  await until(async () => {
    await pipeline.run(update_trip, { tripId, title: `Kyoto ${++changes}` }, office.ana.caller)
    return hasPrinted
  })
}

test('a machine logs in by itself', { timeout: 60_000 }, async () => {
  const { client, client_secret } = await office.addClient({ machine: true })
  const home = newHome()
  const info = JSON.stringify({ client_id: client.client_id, client_secret })
  const remote = start(home, '--client-credentials', '--static-oauth-client-info', info)
  await remote.connected
  // If its stream were refused at the same time as the call, mcp-remote would log in for the stream alone, and drop the
  // call.
  await hearsOf(remote.client, await createTrip(remote.client))
  await office.expireAccessTokens()
  await createTrip(remote.client)
  expect(home.timesOpened()).toBe(0)
})
