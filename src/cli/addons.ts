import { list_addons, update_addon } from '../features/admin/contract/index.ts'
import { commandLine } from './callers.ts'
import { type Command, table } from './command.ts'

const switching = (word: 'enable' | 'disable'): Command => ({
  name: `addon ${word}`,
  says: `Switch ${word === 'enable' ? 'on' : 'off'} an add-on. It takes effect at once.`,
  options: {},
  operands: [{ name: 'name', says: 'The name of the add-on, as in trek addon list.' }],
  examples: [`addon ${word} mcp`],
  async run(context, _values, [name]) {
    const { pipeline } = await context.product()
    const { addon } = await pipeline.run(update_addon, { name, enabled: word === 'enable' }, commandLine)
    return { json: { addon }, lines: [`${addon.title} (${addon.name}) is ${addon.enabled ? 'on' : 'off'}.`] }
  },
})

export const addonCommands: readonly Command[] = [
  {
    name: 'addon list',
    says: 'List the add-ons and whether they are on.',
    options: {},
    async run(context) {
      const { pipeline } = await context.product()
      const { addons } = await pipeline.run(list_addons, {}, commandLine)
      return {
        json: { addons },
        lines: table(addons.map((addon) => [addon.name, addon.enabled ? 'on' : 'off', addon.title])),
      }
    },
  },
  switching('enable'),
  switching('disable'),
]
