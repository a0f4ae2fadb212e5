import { expect, test } from 'vitest'
import { tripOfThree } from '../../../../test/fixtures/trip-of-three.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser } from '../../../../test/harness/rigs/world.ts'
import { INSTANCE } from '../../../core/data/space.ts'
import { delete_user } from '../../admin/contract/index.ts'
import { create_trip } from '../../trips/contract/index.ts'
import * as packing from '../contract/index.ts'

let names = 0

eachDatabase((database) => {
  async function scene() {
    const three = await tripOfThree(database())
    const { run, tripId, ana, ben } = three
    const admin = { ...ana, admin: true }
    const add = (more: object, caller = ben) =>
      run(packing.create_packing_item, { tripId, name: 'Tent', ...more }, caller)
    const templateName = `Camping ${++names}`
    const save = (caller = admin) => run(packing.save_packing_template, { tripId, templateName }, caller)
    const templates = async (caller = ben) => (await run(packing.list_packing_templates, { tripId }, caller)).templates
    return { ...three, admin, add, save, templates, templateName }
  }

  test('a template has the common items, and any member can apply it to another trip', async () => {
    const { add, save, templates, run, templateName, watchers } = await scene()
    await add({ category: 'Sleep', quantity: 2, checked: true, weight_grams: 900 })
    await add({ name: 'Diary', visibility: 'personal' })
    await add({ name: 'Stove', category: 'Kitchen' })
    watchers.ben.lines.splice(0)
    const { template } = await save()
    expect(template).toMatchObject({ name: templateName, categories: ['Sleep', 'Kitchen'], item_count: 2 })
    expect(watchers.ben.lines).toEqual([])
    expect((await templates())[0]).toEqual({ ...template, mine: false })

    const dora = await makeUser(database(), 'Dora')
    const { trip } = await run(create_trip, { title: 'Fjords' }, dora)
    const tripId = trip.id
    await run(packing.create_packing_item, { tripId, name: 'First' }, dora)
    const { items, count } = await run(packing.apply_packing_template, { tripId, templateId: template.id }, dora)
    expect(count).toBe(2)
    expect(items).toMatchObject([
      {
        name: 'Tent',
        category: 'Sleep',
        quantity: 2,
        checked: false,
        weight_grams: 900,
        owner_id: dora.userId,
        order_key: 'a1',
      },
      { name: 'Stove', category: 'Kitchen', quantity: 1, visibility: 'common', order_key: 'a2' },
    ])
  })

  test('a template saved when items had fewer fields can still be applied', async () => {
    const { run, ben, tripId, templateName } = await scene()
    const olderTemplate = await database().write(INSTANCE, (tx) =>
      tx.insert(packing.PackingTemplate, {
        name: templateName,
        items: [{ name: 'Tent', category: 'Sleep', quantity: 2 }],
        created_by: null,
        created_at: new Date(0).toISOString(),
      }),
    )
    const { items } = await run(packing.apply_packing_template, { tripId, templateId: olderTemplate.id }, ben)
    expect(items).toMatchObject([{ name: 'Tent', category: 'Sleep', quantity: 2, weight_grams: null }])
  })

  test('the author of a template may delete it, as long as the account exists', async () => {
    const { add, save, templates, run, ana, ben } = await scene()
    await add({})
    const { template } = await save(ana)
    const isMine = async (caller: typeof ana) => (await templates(caller)).find(({ id }) => id === template.id)?.mine
    expect([template.mine, await isMine(ana), await isMine(ben)]).toEqual([true, true, false])
    const drop = (caller: typeof ana, templateId = template.id) =>
      run(packing.delete_packing_template, { templateId }, caller)
    await expect(drop(ben)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('made') })
    expect(await drop(ana)).toEqual({ success: true, name: template.name })
    const savedAgain = (await save(ana)).template
    await run(delete_user, { userId: ana.userId }, await makeUser(database(), 'Root', { admin: true, way: 'cli' }))
    const dora = await makeUser(database(), 'Dora')
    const { trip } = await run(create_trip, { title: 'Fjords' }, dora)
    const templatesLeft = (await run(packing.list_packing_templates, { tripId: trip.id }, dora)).templates
    expect(templatesLeft.find(({ id }) => id === savedAgain.id)).toMatchObject({ name: template.name, mine: false })
    await expect(drop(dora, savedAgain.id)).rejects.toMatchObject({ code: 'forbidden' })
    await drop({ ...dora, admin: true }, savedAgain.id)
  })

  test('only the owner of the trip saves a template, only its author or an administrator deletes it, and the instance logs both', async () => {
    const { add, save, templates, run, ana, ben, admin, tripId, templateName } = await scene()
    await add({})
    await expect(save(ben)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('owner') })
    expect((await save({ ...ben, admin: true })).template.name).toBe(templateName)
    await run(packing.delete_packing_template, { templateId: (await templates())[0]?.id }, admin)
    const before = await database().head(INSTANCE)
    const { template } = await save(ana)
    const templateId = template.id
    await expect(run(packing.delete_packing_template, { templateId }, ben)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await run(packing.delete_packing_template, { templateId }, admin)).toEqual({
      success: true,
      name: templateName,
    })
    const batches = await database().changesSince(INSTANCE, before)
    expect(batches.flatMap(({ changes }) => changes.map(({ action, entity }) => `${action} ${entity}`))).toEqual([
      'insert packing_template',
      'remove packing_template',
    ])
    expect((await templates()).map(({ id }) => id)).not.toContain(templateId)
    const notFound = { code: 'not_found', hint: expect.stringContaining('list_') }
    await expect(run(packing.apply_packing_template, { tripId, templateId }, ana)).rejects.toMatchObject(notFound)
    await expect(run(packing.delete_packing_template, { templateId }, admin)).rejects.toMatchObject(notFound)
  })

  test('an empty template or a name already in use is refused', async () => {
    const { add, save } = await scene()
    await add({ name: 'Diary', visibility: 'personal' })
    await expect(save()).rejects.toMatchObject({ code: 'conflict' })
    await add({})
    await save()
    await expect(save()).rejects.toMatchObject({ code: 'conflict', hint: expect.stringContaining('name') })
  })
})
