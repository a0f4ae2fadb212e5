import { expect, test } from 'vitest'
import { z } from 'zod'
import { operation } from '../declare/operation.ts'
import { CalendarDate, ClockTime, Id, Line } from '../declare/values.ts'
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
    painterIds: z.array(Id).optional(),
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
      painterIds: { type: 'array', items: { type: 'integer', exclusiveMinimum: 0 } },
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
