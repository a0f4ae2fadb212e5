import { expect, test } from 'vitest'
import { create_oauth_client } from '../../src/identity/contract/oauth.ts'
import { bearer, call, post } from '../harness/mcp/wire.ts'
import { browserOf, Program } from '../harness/rigs/oauth.ts'
import { eachRunning } from '../harness/rigs/running.ts'

eachRunning(
  (running) => {
    test('the limit of requests applies to each pair of a person and a program', async () => {
      const { url, pipeline } = running()
      const mcp = new URL(`${url}/mcp`)
      const [ana, ben] = [await running().person('Ana'), await running().person('Ben')]
      const machineOf = async ({ caller }: typeof ana) => {
        const machineFields = { name: 'Machine', scopes: ['trips:read'], machine: true }
        const { client, client_secret } = await pipeline.run(create_oauth_client, machineFields, {
          ...caller,
          way: 'web',
        })
        const program = new Program(url)
        program.clientId = client.client_id
        program.secret = client_secret
        return program
      }
      const tokenOf = async (program: Program) => {
        const answer = await program.post({ grant_type: 'client_credentials' })
        return ((await answer.json()) as { access_token: string }).access_token
      }
      const status = async (token: string) => (await post(mcp, call('ping'), bearer(token))).status
      const [one, other] = [await machineOf(ana), await machineOf(ana)]
      const token = await tokenOf(one)
      const answers: number[] = []
      for (let count = 0; count < 8; count++) answers.push(await status(token))
      expect(answers).toEqual([400, 400, 400, 400, 400, 429, 429, 429])
      // A fresh token of the same program shares its limit; another program and another person have limits of their
      // own.
      expect(await status(await tokenOf(one))).toBe(429)
      expect(await status(await tokenOf(other))).toBe(400)

      const program = await new Program(url).register()
      const tokens = await Promise.all(
        [ana, ben].map(async (person) => program.connect(await browserOf(running(), person))),
      )
      for (let count = 0; count < 5; count++) await status(tokens[0]?.access_token as string)
      expect(await status(tokens[0]?.access_token as string)).toBe(429)
      expect(await status(tokens[1]?.access_token as string)).toBe(400)
    })
  },
  { MCP_RATE_LIMIT: '5' },
)
