import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { operation } from '../declare/operation.ts'
import { CalendarDate, ClockTime, Id, Line } from '../declare/values.ts'
import { unboundedIn } from './bounds.ts'
import { fromText, nearest, parseInput } from './input.ts'
import { jsonSchema } from './schema.ts'

const paint = operation({
  name: 'paint',
  title: 'Paint a wall',
  description: 'Paint a wall.',
  effect: 'update',
  scope: null,
  route: 'PATCH /walls/:wallId',
  input: z.object({
    wallId: Id.describe('The wall.'),
    colour: Line(20).nullable().optional().describe('The colour.'),
    coats: z.int().min(1).max(3).default(1),
    finish: z.enum(['matt', 'gloss']).optional(),
    painterIds: z.array(Id).max(100).optional(),
    brand: z.string().trim().max(20).optional(),
    notes: z
      .record(Line(20), Line(20))
      .refine((notes) => Object.keys(notes).length <= 3, { error: 'must have at most 3 entries' })
      .meta({ maxProperties: 3 })
      .optional(),
    stripes: z
      .array(z.strictObject({ width: z.int() }))
      .max(3)
      .optional(),
    dry: z.boolean().optional(),
  }),
  output: z.object({}),
})

const refusal = (input: unknown) => {
  try {
    return parseInput(paint, input)
  } catch (error) {
    return JSON.parse(JSON.stringify(error))
  }
}

test.each([
  [{}, [{ path: 'wallId', message: 'is required' }]],
  [{ wallId: 'x' }, [{ path: 'wallId', message: 'must be a number' }]],
  [{ wallId: 1.5 }, [{ path: 'wallId', message: 'must be a whole number' }]],
  [{ wallId: 1, coulour: 'red' }, [{ path: 'coulour', message: 'is not known here. Did you mean colour?' }]],
  [{ wallId: 1, finish: 'shiny' }, [{ path: 'finish', message: 'must be "matt" or "gloss"' }]],
  [{ wallId: 1, painterIds: [1, -2] }, [{ path: 'painterIds.1', message: 'must be a positive whole number' }]],
  [{ wallId: 1, dry: 'yes' }, [{ path: 'dry', message: 'must be true or false' }]],
  [{ wallId: 1, colour: '' }, [{ path: 'colour', message: 'must not be empty' }]],
  ['nonsense', [{ path: '', message: 'must be an object' }]],
])('%j is refused with words that say where and what', (input, issues) => {
  expect(refusal(input)).toMatchObject({ code: 'invalid', issues, hint: expect.stringContaining('It takes wallId') })
})

describe('what is far too much', () => {
  const names = (count: number, value: unknown = 1) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`colou${at}`, value]))

  test('unknown names are named as far as that helps, and the rest is counted', () => {
    const { message, issues } = refusal({ wallId: 1, ...names(100_000) })
    expect(message).toBe(
      [
        'paint: colou0 is not known here. Did you mean colour?',
        'colou1 is not known here. Did you mean colour?',
        'colou2 is not known here. Did you mean colour?',
        'colou3 is not known here.',
        'colou4 is not known here.',
        'and 99995 more names are not known here',
      ].join('; '),
    )
    expect(issues).toHaveLength(20)
    expect(refusal({ wallId: 1, ...names(6) }).message).toMatch(/; and 1 more name is not known here$/)
    expect(refusal({ wallId: 1, ...names(5) }).message).not.toContain('more')
  })

  test('what else is wrong is told all the same', () => {
    const { issues } = refusal({ ...names(100_000), colour: 5, finish: 'shiny' })
    expect(issues.slice(0, 3)).toEqual([
      { path: 'wallId', message: 'is required' },
      { path: 'colour', message: 'must be a text' },
      { path: 'finish', message: 'must be "matt" or "gloss"' },
    ])
  })

  test('a long name is told in part, and nothing is suggested for it', () => {
    const { message } = refusal({ wallId: 1, [`colour${'x'.repeat(100_000)}`]: 1 })
    expect(message).toBe(`paint: colour${'x'.repeat(54)}… is not known here.`)
  })

  test.each([
    ['a text', { colour: 'x'.repeat(100_000) }, [{ path: 'colour', message: 'must be at most 20 characters' }]],
    [
      'a text of faces',
      { colour: '😀'.repeat(100_000) },
      [{ path: 'colour', message: 'must be at most 20 characters' }],
    ],
    [
      'a list',
      { painterIds: Array(100_000).fill(1) },
      [{ path: 'painterIds', message: expect.stringContaining('100') }],
    ],
    ['a record', { notes: names(100_000, 'x') }, [{ path: 'notes', message: 'must have at most 3 entries' }]],
    [
      'a text in a record',
      { notes: { a: 'x'.repeat(99) } },
      [{ path: 'notes.a', message: expect.stringContaining('20') }],
    ],
    [
      'text that is trimmed first',
      { brand: `a${' '.repeat(99)}` },
      [{ path: 'brand', message: 'must be at most 20 characters' }],
    ],
    ['names in a list', { stripes: [{ ...names(99) }] }, [{ path: 'stripes.0.width', message: 'is required' }]],
    ['names where a text is wanted', { colour: names(100_000) }, [{ path: 'colour', message: 'must be a text' }]],
  ])('%s is refused as it would be if it were a little too much', (_what, input, issues) => {
    const told = refusal({ wallId: 1, ...input })
    expect(told.code).toBe('invalid')
    expect(told.issues.slice(0, 1)).toEqual(issues)
  })

  test('a list of wrong entries is told as far as anybody reads', () => {
    const { issues, message } = refusal({ wallId: 1, painterIds: Array(100).fill('') })
    expect(issues).toHaveLength(20)
    expect(message.split('; ')).toHaveLength(5)
  })
})

test('what is unbounded is found', () => {
  expect(unboundedIn(paint.input)).toEqual([])
  const unbounded = z.object({ a: z.array(z.string()), b: z.record(z.string(), z.int()), c: z.string().max(5) })
  expect(unboundedIn(unbounded)).toEqual(['.a', '.a[]', '.b'])
})

test('what is right comes through with its defaults', () => {
  expect(refusal({ wallId: 7, colour: ' red ' })).toEqual({ wallId: 7, colour: 'red', coats: 1 })
})

test('texts are read as what the schema wants, and stay texts where they do not read as that', () => {
  const texts = { wallId: '7', coats: 'two', dry: 'true', painterIds: '1,2', finish: 'matt', colour: '42' }
  expect(fromText(paint.input, texts)).toEqual({
    wallId: 7,
    coats: 'two',
    dry: true,
    painterIds: [1, 2],
    finish: 'matt',
    colour: '42',
  })
  expect(fromText(paint.input, { painterIds: ['3', '4'], wallId: '0x10' })).toEqual({
    painterIds: [3, 4],
    wallId: '0x10',
  })
})

test('a published schema has what a model needs and no more', () => {
  expect(jsonSchema(paint.input, 'input')).toEqual({
    type: 'object',
    additionalProperties: false,
    required: ['wallId'],
    properties: {
      wallId: { type: 'integer', exclusiveMinimum: 0, description: 'The wall.' },
      colour: { type: ['string', 'null'], minLength: 1, maxLength: 20, description: 'The colour.' },
      coats: { type: 'integer', minimum: 1, maximum: 3, default: 1 },
      finish: { type: 'string', enum: ['matt', 'gloss'] },
      painterIds: { type: 'array', items: { type: 'integer', exclusiveMinimum: 0 }, maxItems: 100 },
      brand: { type: 'string', maxLength: 20 },
      notes: expect.objectContaining({ type: 'object', maxProperties: 3 }),
      stripes: expect.objectContaining({ type: 'array', maxItems: 3 }),
      dry: { type: 'boolean' },
    },
  })
})

test.each([
  ['tripid', 'tripId'],
  ['trip_id', 'tripId'],
  ['create_plac', 'create_place'],
  ['zzz', undefined],
])('nearest to %s is %s', (name, expected) => {
  expect(nearest(name, ['tripId', 'create_place'])).toBe(expected)
})

test.each(['2027-02-30', '2027-13-01', '2027-4-5', '', '2027-04-05T00:00', '0000-00-00'])('%s is no date', (value) => {
  expect(CalendarDate.safeParse(value).success).toBe(false)
})

test.each(['24:00', '9:00', '09:60', '09:00:00', ''])('%s is no time', (value) => {
  expect(ClockTime.safeParse(value).success).toBe(false)
})

test('dates and times that exist are taken', () => {
  for (const value of ['2028-02-29', '2027-12-31', '1999-01-01']) expect(CalendarDate.parse(value)).toBe(value)
  for (const value of ['00:00', '23:59']) expect(ClockTime.parse(value)).toBe(value)
})
