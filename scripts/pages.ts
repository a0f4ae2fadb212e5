import { tmpdir } from 'node:os'
import { embeddedServices } from '../src/adapters/external-services.ts'
import { ALL } from '../src/cli/commands.ts'
import { commandsPage } from '../src/cli/help.ts'
import { configurationPage } from '../src/config/page.ts'
import type { AnyOperation } from '../src/core/declare/operation.ts'
import { Catalogue } from '../src/core/run/catalogue.ts'
import { jsonSchema } from '../src/core/run/schema.ts'
import { OF_WRITES, STEPS } from '../src/core/run/steps.ts'
import { features } from '../src/features/index.ts'
import { OFFERED_SCOPES, SCOPES } from '../src/identity/contract/scopes.ts'
import { frameReference } from '../src/transports/live/index.ts'
import { declared } from '../test/harness/operations.ts'
import { serverTexts } from './texts.ts'

/** The generated pages, by file name. */
export function pages(): Record<string, string> {
  return {
    'docs/commands.md': commandsPage(ALL),
    'docs/configuration.md': configurationPage(),
    'docs/live-frames.md': frameReference(),
    'docs/mcp-tools.md': toolsPage(),
    'docs/pipeline.md': pipelinePage(),
    'src/identity/contract/scopes-without-tools.generated.ts': scopesWithoutTools(),
    ...serverTexts(declared),
  }
}

/** The scopes of parts without tools. Their names are published: requests can contain them, but TREK does not offer them. */
function scopesWithoutTools(): string {
  const needed = [...catalogue().operations.values()].flatMap(({ operation }) =>
    operation.expose.includes('mcp') ? (operation.scope ?? []) : [],
  )
  const partOf = (scope: string) => scope.split(':')[0]
  const parts = new Set(needed.map(partOf))
  const names = SCOPES.map(({ scope }) => scope).filter((scope) => !parts.has(partOf(scope)))
  return [
    '// Written by `npm run generate` from the tools of the features.',
    '',
    '/** Published names that no tool needs yet, nor any other of the same part. */',
    `export const SCOPES_WITHOUT_TOOLS: ReadonlySet<string> = new Set([`,
    ...names.map((scope) => `  '${scope}',`),
    '])',
    '',
  ].join('\n')
}

const catalogue = () => new Catalogue(features(embeddedServices(tmpdir())))

function toolsPage(): string {
  const { operations, resources, prompts } = catalogue()
  const tools = [...operations.values()].filter(({ operation }) => operation.expose.includes('mcp'))
  const byFeature = Map.groupBy(tools, (bound) => bound.feature)
  return [
    '# Tools, resources and prompts of `/mcp`',
    '',
    'Generated from the contracts by `npm run generate`.',
    '',
    'Arguments are understood by their published type, over REST as well. Text is taken for a number where it is one exactly (`"6"`, `"48.85"`, `"-3"`; not `"1e0"`, `" 6 "`, `"48,85"`, `"6 km"`, and no more digits than are kept), for true and false, and as JSON for a list or an object. Null and an empty text stand for what is left out, unless they are values of the argument: an empty text may be one of a text, and null clears where the description says so. There an empty text is refused, since it could mean either. An unknown argument is ignored where it is null, and by a tool that takes none.',
    '',
    ...[...byFeature].flatMap(([feature, bound]) => [
      `## ${feature}`,
      '',
      '| Tool | Needs | What it does | Arguments |',
      '|---|---|---|---|',
      ...bound.map(({ operation }) => toolRow(operation)),
      '',
    ]),
    '## Resources',
    '',
    '| URI | What it holds | Same as |',
    '|---|---|---|',
    ...resources.map(({ resource }) => `| \`${resource.uri}\` | ${resource.description} | ${resource.read.name} |`),
    '',
    '## Prompts',
    '',
    '| Prompt | What it writes |',
    '|---|---|',
    ...prompts.map(({ prompt }) => `| \`${prompt.name}\` | ${prompt.description} |`),
    '',
    '## Scopes',
    '',
    'What an assistant can be granted. `:write` holds `:read` of the same part, and any scope of trips lets trips be read.',
    '',
    '| Scope | Part | What it lets an assistant do |',
    '|---|---|---|',
    ...OFFERED_SCOPES.map(({ scope, group, label }) => `| \`${scope}\` | ${group} | ${label} |`),
    '',
  ].join('\n')
}

function toolRow(operation: AnyOperation): string {
  const { properties, required = [] } = jsonSchema(operation.input, 'input') as {
    properties: Record<string, unknown>
    required?: string[]
  }
  const args = Object.keys(properties).map((name) => (required.includes(name) ? `**${name}**` : name))
  const scope = operation.scope === null ? 'nothing' : [operation.scope].flat().join(' or ')
  const addon = operation.addon ? `, add-on ${operation.addon.name}` : ''
  return `| \`${operation.name}\` | ${scope}${addon} | ${operation.description} | ${args.join(', ') || 'none'} |`
}

function pipelinePage(): string {
  const list = (steps: readonly { name: string }[]) => steps.map(({ name }, index) => `${index + 1}. \`${name}\``)
  return [
    '# The steps of the pipeline',
    '',
    'Generated from `src/core/run/steps.ts` by `npm run generate`. Every operation takes these steps, whichever way it came in.',
    '',
    '## Before the transaction',
    '',
    ...list(STEPS.before),
    '',
    '## Inside the transaction',
    '',
    ...list(STEPS.inside),
    '',
    `A read changes nothing and skips ${OF_WRITES.map(({ name }) => `\`${name}\``).join(', ')}.`,
    '',
    '## After the commit',
    '',
    ...list(STEPS.after),
    '',
  ].join('\n')
}
