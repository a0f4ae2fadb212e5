import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import * as atlas from '../contract/index.ts'

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const [ana, ben] = [await makeUser(database(), 'Ana'), await makeUser(database(), 'Ben')]
    const codes = async (caller = ana) =>
      (await world.run(atlas.list_visited_countries, {}, caller)).countries.map((country) => country.country_code)
    const mark = (country_code: string, caller = ana) => world.run(atlas.mark_country_visited, { country_code }, caller)
    return { ...world, ana, ben, codes, mark }
  }

  test('marking twice has the effect of marking once, and is sent once, only to the user', async () => {
    const { mark, codes, ana, ben, watch } = await scene()
    const [codesOfAna, codesOfBen] = [
      await watch({ space: 'user', id: ana.userId }, ana),
      await watch({ space: 'user', id: ben.userId }, ben),
    ]
    const first = await mark('jp')
    expect(await mark('JP')).toEqual(first)
    await mark('CH')
    expect(await codes()).toEqual(['CH', 'JP'])
    expect(await codes(ben)).toEqual([])
    expect(codesOfAna.lines).toEqual(['insert visited_country', 'insert visited_country'])
    expect(codesOfBen.lines).toEqual([])
  })

  test('an unknown country is refused, and a country that is not marked cannot be unmarked', async () => {
    const { mark, run, ana, codes } = await scene()
    for (const wrong of ['ZZ', 'J', 'JPN', '12', ''])
      await expect(mark(wrong)).rejects.toMatchObject({ code: 'invalid' })
    await expect(run(atlas.unmark_country_visited, { country_code: 'FR' }, ana)).rejects.toMatchObject({
      code: 'not_found',
      hint: 'Mark a country first: none is marked yet.',
    })
    await mark('FR')
    await run(atlas.unmark_country_visited, { country_code: 'fr' }, ana)
    expect(await codes()).toEqual([])
  })
})
