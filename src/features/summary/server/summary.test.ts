import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/world.ts'
import { create_and_assign_place } from '../../assignments/contract/index.ts'
import { create_budget_item } from '../../budget/contract/index.ts'
import { create_packing_item } from '../../packing/contract/index.ts'
import { create_reservation } from '../../reservations/contract/index.ts'
import { create_todo } from '../../todos/contract/index.ts'
import { create_trip } from '../../trips/contract/index.ts'
import { list_days } from '../contract/index.ts'

eachDatabase((database) => {
  test('the prompt says how far the trip is planned, of what whoever asks may see', async () => {
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
    const said = (caller: typeof ana) => prompt?.write((operation, input) => run(operation, input, caller), { tripId })
    expect(await said(ana)).toBe(
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
    const little = await said({ ...ana, scopes: new Set(['trips:read']) })
    expect(little).toContain('2 days with 1 stop\n')
    expect(little).not.toMatch(/booking|packed|costs/)
  })
})
