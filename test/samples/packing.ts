import {
  create_packing_bag,
  create_packing_item,
  save_packing_template,
} from '../../src/features/packing/contract/index.ts'
import type { Samples, SampleTrip } from './scene.ts'

export async function packingSamples({ run, owner, tripId }: SampleTrip): Promise<Samples> {
  const { item } = await run(create_packing_item, { tripId, name: 'Umbrella' }, owner)
  const { bag } = await run(create_packing_bag, { tripId, name: 'Backpack' }, owner)
  const { template } = await run(
    save_packing_template,
    { tripId, templateName: `Rain ${tripId}` },
    { ...owner, admin: true },
  )
  return {
    'packing.itemId': item.id,
    'packing.orderedIds': [item.id],
    'packing.bagId': bag.id,
    'packing.templateId': template.id,
    'packing.templateName': `Sun ${tripId}`,
    'packing.categoryName': 'General',
    'packing.items': [{ name: 'Socks', quantity: 3, bag: 'Suitcase' }],
  }
}
