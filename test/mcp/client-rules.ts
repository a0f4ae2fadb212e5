/**
 * What clients and the models behind them accept in a list of tools, as data with its sources. Most clients that reject
 * one schema reject all tools, so the list must follow all these rules at once.
 */
export interface ClientRules {
  readonly client: string
  readonly source: string
  /** Keywords that are rejected anywhere in a schema. */
  readonly unknown?: readonly string[]
  /** Keywords that are rejected at the top of a schema. */
  readonly unknownAtTop?: readonly string[]
  /** Keywords that are rejected in the `items` of a list. */
  readonly unknownInItems?: readonly string[]
  /** Whether each value must have exactly one type, stated at the value. */
  readonly oneType?: boolean
  /** Whether every choice must be a text that is not empty. */
  readonly choicesAreTexts?: boolean
  /** Whether an object, other than the arguments themselves, must have properties. */
  readonly objectsHaveProperties?: boolean
  /** Whether a list must have `items`. */
  readonly listsHaveItems?: boolean
  /** Whether required names must be among the properties. */
  readonly requiredIsNamed?: boolean
  readonly names?: RegExp
  readonly mostTools?: number
  /** The most characters in the description of a tool. */
  readonly longestDescription?: number
}

const UNIONS = ['anyOf', 'oneOf', 'allOf', 'not']

export const CLIENT_RULES: readonly ClientRules[] = [
  {
    client: 'Claude API',
    source: 'Refuses unions at the top of an input schema; names of tools are letters, digits, _ and -, at most 64.',
    unknownAtTop: UNIONS,
    names: /^[a-zA-Z0-9_-]{1,64}$/,
  },
  {
    client: 'Claude Code',
    source: 'Cuts the text of each tool at 2,048 characters, and puts mcp__<server>__ before each name.',
    longestDescription: 2048,
    names: /^.{1,50}$/,
  },
  {
    client: 'OpenAI, strict mode as far as it applies',
    source:
      'Wants `properties` in every object, also where it is empty, and knows no union at the top, `not`, `propertyNames` or `patternProperties`. Numbers and patterns that it does not enforce do no harm; that everything be required is not asked of tools that a server brings along.',
    unknownAtTop: UNIONS,
    unknown: [
      'not',
      'propertyNames',
      'patternProperties',
      'unevaluatedProperties',
      'contains',
      'if',
      'dependentSchemas',
    ],
    listsHaveItems: true,
    requiredIsNamed: true,
    names: /^[a-zA-Z0-9_-]{1,64}$/,
  },
  {
    client: 'Gemini',
    source:
      'One schema that it does not take fails every request: lists of types, unions in items, choices that are numbers, empty or null, objects without properties (github.com/MarkusPfundstein/mcp-obsidian/issues/21), lists without items, propertyNames and exclusive bounds, names over 64 characters; too many states at 239 tools. Tools without arguments are sent without parameters by its clients (github.com/langchain-ai/langchain-google/pull/416, github.com/vercel/ai/issues/3371).',
    unknown: [
      'propertyNames',
      'exclusiveMinimum',
      'exclusiveMaximum',
      'patternProperties',
      'const',
      '$ref',
      '$defs',
      'not',
    ],
    unknownAtTop: UNIONS,
    unknownInItems: UNIONS,
    oneType: true,
    choicesAreTexts: true,
    objectsHaveProperties: true,
    listsHaveItems: true,
    names: /^[a-zA-Z_][a-zA-Z0-9_.-]{0,63}$/,
    mostTools: 238,
  },
  {
    client: 'Cursor',
    source: 'Refuses a call by itself where the schema has a list of types with null in it.',
    oneType: true,
  },
  {
    client: 'VS Code, Copilot',
    source: 'Refuses lists without items and schemas whose types it cannot tell; above 128 tools it groups them.',
    listsHaveItems: true,
    oneType: true,
  },
  {
    client: 'Kimi',
    source:
      'Wants a type at every value and none beside anyOf (github.com/MoonshotAI/kimi-cli/issues/1595), everything that is required among the properties (github.com/MoonshotAI/kimi-code/issues/1610), names that begin with a letter (github.com/MoonshotAI/kimi-cli/issues/2531), and not too much in all: 212 tools were too many.',
    unknown: ['$ref'],
    unknownAtTop: UNIONS,
    oneType: true,
    requiredIsNamed: true,
    names: /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/,
    mostTools: 211,
  },
]

type Json = Readonly<Record<string, unknown>>

interface Tool {
  readonly name: string
  readonly description: string
  readonly inputSchema: Json
}

/** The parts of a list of tools that a client rejects, each in a few words. */
export function refusedBy(rules: ClientRules, tools: readonly Tool[]): string[] {
  const { mostTools = Number.POSITIVE_INFINITY, longestDescription = Number.POSITIVE_INFINITY, names = /^/ } = rules
  return [
    ...(tools.length > mostTools ? [`${tools.length} tools`] : []),
    ...tools.filter(({ name }) => !names.test(name)).map(({ name }) => `the name ${name}`),
    ...tools
      .filter(({ description }) => description.length > longestDescription)
      .map(({ name }) => `the description of ${name}`),
    ...tools.flatMap(({ name, inputSchema }) => refusedIn(rules, inputSchema, name, 'top')),
  ]
}

function refusedIn(rules: ClientRules, schema: Json, at: string, position: 'top' | 'items' | 'inside'): string[] {
  const { type, enum: choices, items, properties, required = [] } = schema
  const unknown = [
    ...(rules.unknown ?? []),
    ...((position === 'top' && rules.unknownAtTop) || []),
    ...((position === 'items' && rules.unknownInItems) || []),
  ]
  const fields = Object.entries((properties ?? {}) as Record<string, Json>)
  const isUnnamed = (name: unknown) => !fields.some(([field]) => field === name)
  const refusedHere = [
    ...unknown.filter((word) => word in schema),
    rules.oneType && typeof type !== 'string' && `the type ${JSON.stringify(type)}`,
    rules.choicesAreTexts &&
      ((choices ?? []) as unknown[]).some((choice) => typeof choice !== 'string' || choice === '') &&
      `the choices ${JSON.stringify(choices)}`,
    rules.objectsHaveProperties &&
      type === 'object' &&
      position !== 'top' &&
      !fields.length &&
      'an object without properties',
    type === 'object' && properties === undefined && 'an object that says nothing of its properties',
    rules.listsHaveItems && type === 'array' && (typeof items !== 'object' || items === null) && 'a list without items',
    rules.requiredIsNamed && (required as unknown[]).some(isUnnamed) && 'what is required is no property',
  ]
  return [
    ...refusedHere.filter(Boolean).map((problem) => `${at}: ${problem}`),
    ...fields.flatMap(([name, field]) => refusedIn(rules, field, `${at}.${name}`, 'inside')),
    ...(typeof items === 'object' && items !== null ? refusedIn(rules, items as Json, `${at}[]`, 'items') : []),
    ...UNIONS.flatMap((word) =>
      ((schema[word] ?? []) as Json[]).flatMap?.((one) => refusedIn(rules, one, `${at}|`, 'inside')),
    ),
  ]
}
