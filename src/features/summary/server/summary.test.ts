import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { declared } from '../../../../test/harness/operations.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { INSTANCE } from '../../../core/data/space.ts'
import { setAddon } from '../../../core/run/settings.ts'
import { create_and_assign_place } from '../../assignments/contract/index.ts'
import { create_budget_item } from '../../budget/contract/index.ts'
import { create_packing_item } from '../../packing/contract/index.ts'
import { create_reservation } from '../../reservations/contract/index.ts'
import { create_todo } from '../../todos/contract/index.ts'
import { create_trip } from '../../trips/contract/index.ts'
import { get_trip_summary, list_days } from '../contract/index.ts'

eachDatabase((database) => {
  test('the prompt describes the state of planning, limited to what the caller may see', async () => {
    const { catalogue, run } = makeWorld(database())
    const ana = await makeUser(database(), 'Ana')
    const dates = { start_date: '2027-04-05', end_date: '2027-04-06' }
    const { trip } = await run(create_trip, { title: 'Kyoto', description: 'Temples', ...dates }, ana)
    const tripId = trip.id
    const [day] = (await run(list_days, { tripId }, ana)).days
    await run(create_and_assign_place, { tripId, dayId: day?.id, name: 'Kinkaku-ji' }, ana)
    await run(create_reservation, { tripId, title: 'Dinner', type: 'restaurant' }, ana)
    await run(create_packing_item, { tripId, name: 'Passport', checked: true }, ana)
    await run(create_todo, { tripId, name: 'Call the bank' }, ana)
    await run(create_budget_item, { tripId, name: 'Train', total_price: 86.4 }, ana)
    const prompt = catalogue.prompts.find((one) => one.prompt.name === 'trip-summary')
    const promptText = (caller: typeof ana) =>
      prompt?.write((operation, input) => run(operation, input, caller), { tripId })
    expect(await promptText(ana)).toBe(
      [
        'Kyoto',
        'Temples',
        '2027-04-05 to 2027-04-06 · EUR',
        'Travellers: Ana',
        '2 days with 1 stop · 1 booking · 1 of 1 packed · 0 of 1 to-dos done · costs EUR 86.4 · 0 notes',
        '',
        'Day 1 (2027-04-05) – Kinkaku-ji',
        'Day 2 (2027-04-06) – nothing planned yet',
      ].join('\n'),
    )
    const limitedText = await promptText({ ...ana, scopes: new Set(['trips:read']) })
    expect(limitedText).toContain('2 days with 1 stop\n')
    expect(limitedText).not.toMatch(/booking|packed|costs/)
  })

  /** Exactly the scopes that sections may need. */
  const SCOPES = [
    ...new Set(
      [...declared.operations.values()]
        .flatMap(({ operation }) => operation.scope ?? [])
        .filter((one) => !/geo|weather/.test(one)),
    ),
  ]
  const SECTIONS = Object.keys(get_trip_summary.output.shape).filter((name) => name !== 'omitted' && name !== 'trip')

  async function summaries() {
    const { run } = makeWorld(database())
    const ana = await makeUser(database(), 'Ana')
    const { trip } = await run(create_trip, { title: 'Kyoto', start_date: '2027-04-05' }, ana)
    return async (scopes: readonly string[]) => {
      const summary = await run(get_trip_summary, { tripId: trip.id }, { ...ana, scopes: new Set(scopes) })
      const { trip: tripShown, omitted, ...sections } = summary
      return { tripShown, reasons: new Map(omitted.map((one) => [one.section, one.reason])), sections }
    }
  }

  test('every section is present, or the answer names the scope it needs', async () => {
    const summaryWith = await summaries()
    const wholeSummary = await summaryWith(SCOPES)
    expect(Object.keys(wholeSummary.sections).sort()).toEqual([...SECTIONS].sort())
    expect([...wholeSummary.reasons]).toEqual([])
    const sectionsByScope = new Map<string, string[]>()
    for (const scope of SCOPES) sectionsByScope.set(scope, Object.keys((await summaryWith([scope])).sections))
    const without = SCOPES.map((scope) => SCOPES.filter((one) => one.split(':')[0] !== scope.split(':')[0]))
    for (const scopes of [[], ...SCOPES.map((scope) => [scope]), ...without]) {
      const { tripShown, reasons, sections } = await summaryWith(scopes)
      const missing = SECTIONS.filter((name) => !(name in sections))
      const explained = [...reasons.keys()].filter((name) => name !== 'trip')
      expect(explained.sort(), scopes.join(' ')).toEqual(missing.sort())
      for (const name of missing) {
        const named = reasons.get(name)?.match(/\w+:\w+/g) ?? []
        expect(named.length, `${name}: ${reasons.get(name)}`).toBeGreaterThan(0)
        for (const scope of named) expect(sectionsByScope.get(scope), `${name} by ${scope}`).toContain(name)
      }
      expect(reasons.has('trip')).toBe(!('currency' in tripShown))
    }
  })

  test('for a section that is switched off, the answer names the add-on', async () => {
    const summaryWith = await summaries()
    for (const addon of declared.addons.values()) {
      await database().write(INSTANCE, (tx) => setAddon(tx, addon, false))
      const { reasons, sections } = await summaryWith(SCOPES)
      expect([...Object.keys(sections), ...reasons.keys()].sort()).toEqual([...SECTIONS].sort())
      for (const reason of reasons.values()) expect(reason).toBe(`the add-on ${addon.name} is switched off`)
      await database().write(INSTANCE, (tx) => setAddon(tx, addon, true))
    }
  })
})
