import type { ReadTx } from '../../../core/data/tx.ts'
import { keysAfter } from '../../../core/declare/order-key.ts'
import { implement } from '../../../core/run/feature.ts'
import {
  apply_packing_template,
  delete_packing_template,
  list_packing_templates,
  type PackingItemRow,
  type PackingTemplateRow,
  save_packing_template,
  templateItem,
} from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import * as store from './store.ts'

const contract = {
  list_packing_templates,
  apply_packing_template,
  save_packing_template,
  delete_packing_template,
}

const MOST_ITEMS = 500

export const templateHandlers = implement(contract, {
  list_packing_templates: async ({ tx, caller }) => ({ templates: await templateCards(tx, caller.userId) }),

  apply_packing_template: async ({ tx, input: { tripId, templateId }, caller, now }) => {
    const template = await store.getTemplate(tx, templateId)
    const keys = keysAfter(await store.lastKey(tx, tripId), template.items.length)
    const items: PackingItemRow[] = []
    for (const [at, values] of template.items.entries()) {
      const item = await store.insertItem(tx, {
        ...templateItem.values.parse(values),
        trip_id: tripId,
        owner_id: caller.userId,
        order_key: keys[at],
        created_at: now,
      })
      items.push(item)
    }
    return { items, count: items.length }
  },

  save_packing_template: async ({ tx, input: { tripId, templateName: name }, caller, member, now }) => {
    if (member.role !== 'owner' && !caller.admin) {
      throw messages.templateIsOwners()
    }
    // People outside the trip see a template, so it holds only common items.
    const common = (await store.listItems(tx, tripId)).filter((item) => item.visibility === 'common')
    if (!common.length) throw messages.noCommonItems()
    if (common.length > MOST_ITEMS) throw messages.templateTooLong({ maximum: MOST_ITEMS })
    if (await store.findTemplateByName(tx, name)) {
      throw messages.templateNameTaken({ name })
    }
    const items = common.map(templateItem.of)
    const made = { created_by: caller.userId, created_at: now }
    return { template: card(await store.insertTemplate(tx, { name, items, ...made }), caller.userId) }
  },

  delete_packing_template: async ({ tx, input: { templateId }, caller }) => {
    const template = await store.getTemplate(tx, templateId)
    if (template.created_by !== caller.userId && !caller.admin) {
      throw messages.templateNotYours()
    }
    await store.removeTemplate(tx, template)
    return { success: true, name: template.name }
  },
})

/** The templates as listed. */
export const templateCards = async (tx: ReadTx, userId: number) =>
  (await store.listTemplates(tx)).map((template) => card(template, userId))

const card = ({ id, name, items, created_by }: PackingTemplateRow, userId: number) => ({
  id,
  name,
  categories: [...new Set(items.map((item) => item.category))],
  item_count: items.length,
  mine: created_by === userId,
})
