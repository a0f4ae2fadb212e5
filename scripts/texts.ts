import { globSync } from 'node:fs'
import { declaredMessages, type Template } from '../src/core/declare/message.ts'
import type { Catalogue } from '../src/core/run/catalogue.ts'
import { SCOPES } from '../src/identity/contract/scopes.ts'
import { TITLES } from '../src/identity/server/audit/events.ts'
import { mcpAddon } from '../src/transports/mcp/addon.ts'

const root = new URL('..', import.meta.url)
const modules = globSync('src/**/{messages,*-messages}.ts', { cwd: root })
  .toSorted()
  .map((file) => import(/* @vite-ignore */ new URL(file, root).href))
const keys = new Set((await Promise.all(modules)).flatMap(keysIn))

/** The keys of the messages that a module exports. */
function keysIn(module: object): string[] {
  const exported = Object.values(module).filter((value) => typeof value === 'object' && value !== null)
  return exported.flatMap((messages) => Object.values(messages).map((maker) => (maker as { key?: string }).key ?? ''))
}

/**
 * The English source texts of all declarations in the code, by file, for translators. The key of a text consists of the name
 * of its file and its name in the file.
 */
export function serverTexts(catalogue: Catalogue): Record<string, string> {
  const rooms = new Map<string, Record<string, string>>()
  const add = (key: string, template: Template): void => {
    const [room = '', ...rest] = key.split('.')
    const name = rest.join('.')
    const texts = rooms.get(room) ?? {}
    rooms.set(room, texts)
    if (typeof template === 'string') texts[name] = template
    else for (const [form, text] of Object.entries(template)) texts[`${name}_${form}`] = text
  }
  for (const [key, { text, hint }] of declaredMessages()) {
    if (!keys.has(key)) continue
    add(key, text)
    if (hint) add(`${key}_hint`, hint)
  }
  for (const { name, title, description } of [mcpAddon, ...catalogue.addons.values()]) {
    add(`addons.${name}`, title)
    add(`addons.${name}_about`, description)
  }
  for (const { name, title } of catalogue.permissions.values()) add(`permissions.${name}`, title)
  for (const { operation } of catalogue.operations.values()) {
    add(`operations.${operation.name}`, operation.title)
    for (const [feature, text] of Object.entries(operation.alsoWrites)) {
      add(`without.${operation.name}-${feature}`, text)
    }
  }
  for (const [event, title] of TITLES) add(`events.${event}`, title)
  for (const { scope, group, label } of SCOPES) {
    add(`scopeGroups.${scope.split(':')[0]}`, group)
    add(`scopes.${scope.replace(':', '-')}`, label)
  }
  const files = [...rooms].map(([room, texts]) => [
    `locales/en/server/${room}.json`,
    `${JSON.stringify(texts, null, 2)}\n`,
  ])
  return Object.fromEntries(files)
}
