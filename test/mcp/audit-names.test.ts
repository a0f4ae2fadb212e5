import { expect, test } from 'vitest'
import { list_audit } from '../../src/features/admin/contract/index.ts'
import { create_static_token } from '../../src/identity/contract/index.ts'
import { connectRaw } from '../harness/mcp/raw-client.ts'
import { commandLine } from '../harness/rigs/accounts.ts'
import { browserOf, Program } from '../harness/rigs/oauth.ts'
import { eachRunning } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

/** The audit log names a program by the name its owner gave it, because any program can choose what to call itself. */
eachRunning((running) => {
  const namesOf = async (event: string, user_id: number, client?: string) => {
    const filter = { event, user_id, ...(client !== undefined && { client }) }
    const { entries } = await running().pipeline.run(list_audit, filter, commandLine)
    return entries.map((entry) => entry.client)
  }

  test('the names of a token and of a connected app come before the name that the client gives itself', async () => {
    const ana = await running().person('Ana')
    const { token } = await running().pipeline.run(
      create_static_token,
      { name: 'Kitchen laptop' },
      { ...ana.caller, way: 'cli' },
    )
    const program = await new Program(running().url).register({ client_name: 'Travel app' })
    const { access_token } = await program.connect(await browserOf(running(), ana))
    const names = ['TREK', 'travel APP', 'Say "hello"']
    for (const name of names) {
      await (await connectRaw(running().url, token, { name }))('list_trips', {})
      await (await connectRaw(running().url, access_token, { name }))('list_trips', {})
    }
    await until(async () => (await namesOf('list_trips', ana.caller.userId)).length === 6)
    expect((await namesOf('list_trips', ana.caller.userId)).toReversed()).toEqual([
      'Kitchen laptop (calls itself "TREK")',
      'Travel app (calls itself "TREK")',
      'Kitchen laptop (calls itself "travel APP")',
      'Travel app',
      'Kitchen laptop (calls itself "Say \\"hello\\"")',
      'Travel app (calls itself "Say \\"hello\\"")',
    ])
    // Filtering by the name of a program finds all its entries; filtering by a full name finds those of that name.
    expect(await namesOf('list_trips', ana.caller.userId, 'Travel app')).toHaveLength(3)
    expect(await namesOf('list_trips', ana.caller.userId, 'Travel app (calls itself "TREK")')).toHaveLength(1)
    expect(await namesOf('list_trips', ana.caller.userId, 'TREK')).toEqual([])
  })
})
