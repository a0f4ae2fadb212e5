import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checkMessage } from '../declare/message.ts'
import { operation } from '../declare/operation.ts'
import { wrong } from '../declare/value-messages.ts'
import { CalendarDate, ClockTime, Id, Line } from '../declare/values.ts'
import { unboundedIn } from './bounds.ts'
import { fromText, nearest, parseInput, readAs } from './input.ts'
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
      .refine((notes) => Object.keys(notes).length <= 3, checkMessage(wrong.tooManyNames({ maximum: 3 })))
      .meta({ maxProperties: 3 })
      .optional(),
    stripes: z
      .array(z.strictObject({ width: z.int() }))
      .min(1)
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
  [{ wallId: 'x' }, [{ path: 'wallId', message: 'must be a number, not the text "x"' }]],
  [{ wallId: 1.5 }, [{ path: 'wallId', message: 'must be a whole number, not 1.5' }]],
  [{ wallId: 1, coulour: 'red' }, [{ path: 'coulour', message: 'is not known here. Did you mean colour?' }]],
  [{ wallId: 1, finish: 'shiny' }, [{ path: 'finish', message: 'must be one of "matt", "gloss"' }]],
  [{ wallId: 1, painterIds: [1, -2] }, [{ path: 'painterIds.1', message: 'must be a positive whole number' }]],
  [{ wallId: 1, dry: 'yes' }, [{ path: 'dry', message: 'must be true or false, not the text "yes"' }]],
  [
    { wallId: 1, colour: '' },
    [{ path: 'colour', message: 'must not be empty: null clears it; an omitted field stays unchanged' }],
  ],
  ['nonsense', [{ path: '', message: 'must be an object, not the text "nonsense"' }]],
  [{ wallId: 1e300 }, [{ path: 'wallId', message: 'must be at most 9007199254740991, not 1e+300' }]],
  [{ wallId: Number.POSITIVE_INFINITY }, [{ path: 'wallId', message: 'must be a finite number, not Infinity' }]],
  [{ wallId: 1, coats: 4 }, [{ path: 'coats', message: 'must be at most 3, not 4' }]],
  [{ wallId: 1, coats: 0 }, [{ path: 'coats', message: 'must be at least 1, not 0' }]],
  [{ wallId: 1, colour: 'x'.repeat(21) }, [{ path: 'colour', message: 'must have at most 20 characters, but has 21' }]],
  [{ wallId: 1, stripes: [] }, [{ path: 'stripes', message: 'must have at least 1 entry, but has 0' }]],
  [
    { wallId: 1, notes: { ['x'.repeat(21)]: 'a' } },
    [
      {
        path: `notes.${'x'.repeat(21)}`,
        message: 'has a name that is not allowed here, which must have at most 20 characters, but has 21',
      },
    ],
  ],
  [
    { wallId: 1, notes: JSON.parse('{"__proto__":"a","constructor":"b"}') },
    [{ path: 'notes', message: 'cannot have the name __proto__' }],
  ],
])('%j is refused with the place and the problem', (input, issues) => {
  expect(refusal(input)).toMatchObject({
    code: 'invalid',
    issues,
    hint: expect.stringContaining('Use only the arguments wallId'),
  })
})

describe('input that is far too large', () => {
  const tooLong = (length: number) => `must have at most 20 characters, but has ${length}`
  const names = (count: number, value: unknown = 1) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`colou${at}`, value]))

  test('some unknown names are named, and the rest is counted', () => {
    const { message, issues } = refusal({ wallId: 1, ...names(100_000) })
    expect(message).toBe(
      [
        'paint: colou0 is not known here. Did you mean colour?',
        'colou1 is not known here. Did you mean colour?',
        'colou2 is not known here. Did you mean colour?',
        'colou3 is not known here',
        'colou4 is not known here',
        'and 99995 more names are not known here',
      ].join('; '),
    )
    expect(issues).toHaveLength(20)
    expect(refusal({ wallId: 1, ...names(6) }).message).toMatch(/; and 1 more name is not known here$/)
    expect(refusal({ wallId: 1, ...names(5) }).message).not.toContain('more')
  })

  test('other errors are reported all the same', () => {
    const { issues } = refusal({ ...names(100_000), colour: 5, finish: 'shiny' })
    expect(issues.slice(0, 3)).toMatchObject([
      { path: 'wallId', message: 'is required' },
      { path: 'colour', message: 'must be a text, not a number' },
      { path: 'finish', message: 'must be one of "matt", "gloss"' },
    ])
  })

  test('a long name is shortened, and gets no suggestion', () => {
    const { message } = refusal({ wallId: 1, [`colour${'x'.repeat(100_000)}`]: 1 })
    expect(message).toBe(`paint: colour${'x'.repeat(54)}… is not known here`)
  })

  test.each([
    ['a text', { colour: 'x'.repeat(100_000) }, [{ path: 'colour', message: tooLong(100_000) }]],
    ['a text of faces', { colour: '😀'.repeat(100_000) }, [{ path: 'colour', message: tooLong(200_000) }]],
    [
      'a list',
      { painterIds: Array(100_000).fill(1) },
      [{ path: 'painterIds', message: 'must have at most 100 entries, but has 100000' }],
    ],
    ['a record', { notes: names(100_000, 'x') }, [{ path: 'notes', message: 'must have at most 3 entries' }]],
    [
      'a text in a record',
      { notes: { a: 'x'.repeat(99) } },
      [{ path: 'notes.a', message: expect.stringContaining('20') }],
    ],
    ['a text that is trimmed first', { brand: `a${' '.repeat(99)}` }, [{ path: 'brand', message: tooLong(100) }]],
    ['names in a list', { stripes: [{ ...names(99) }] }, [{ path: 'stripes.0.width', message: 'is required' }]],
    [
      'names where a text is expected',
      { colour: names(100_000) },
      [{ path: 'colour', message: 'must be a text, not an object' }],
    ],
  ])('%s is refused as if it were slightly too large', (_what, input, issues) => {
    const error = refusal({ wallId: 1, ...input })
    expect(error.code).toBe('invalid')
    expect(error.issues.slice(0, 1)).toMatchObject(issues)
  })

  test('wrong entries of a list are reported up to a limit', () => {
    const { issues, message } = refusal({ wallId: 1, painterIds: Array(100).fill('') })
    expect(issues).toHaveLength(20)
    expect(message.split('; ')).toHaveLength(5)
  })
})

test('unbounded fields are found', () => {
  expect(unboundedIn(paint.input)).toEqual([])
  const unbounded = z.object({ a: z.array(z.string()), b: z.record(z.string(), z.int()), c: z.string().max(5) })
  expect(unboundedIn(unbounded)).toEqual(['.a', '.a[]', '.b'])
})

test('valid input gets its defaults', () => {
  expect(refusal({ wallId: 7, colour: ' red ' })).toEqual({ wallId: 7, colour: 'red', coats: 1 })
})

test('texts are converted to the types of the schema, and stay texts if they do not fit', () => {
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

describe('values that clients send in another form', () => {
  const right = { wallId: 7, coats: 2, dry: true, painterIds: [1, 2], stripes: [{ width: 3 }], notes: { a: 'x' } }
  const expected = refusal(right)

  test.each([
    ['texts', { wallId: '7', coats: '2', dry: 'true', painterIds: ['1', '2'], stripes: [{ width: '3' }] }],
    ['JSON texts', { painterIds: '[1, 2]', stripes: '[{"width":3}]', notes: ' {"a": "x"}' }],
    ['texts in JSON texts', { painterIds: '["1","2"]', stripes: '["{\\"width\\":\\"3\\"}"]' }],
    ['null for omitted fields', { finish: null, stripes: [{ width: 3, length: null }] }],
    ['an empty text for omitted fields', { finish: '' }],
    ['null for unknown fields', { random_string: null }],
  ])('%s are understood', (_what, input) => {
    expect(refusal({ ...right, ...input })).toEqual(expected)
  })

  test.each([
    ['0', 0],
    ['-3', -3],
    ['007', 7],
    ['48.85', 48.85],
    ['48.850', 48.85],
    ['6.0', 6],
    ['0.0000001', 1e-7],
    ['35.03937500000001', 35.03937500000001],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('the text %s is a number', (text, value) => {
    expect(fromText(z.object({ it: z.number() }), { it: text })).toEqual({ it: value })
    expect(parseInput({ name: 'paint', input: z.strictObject({ it: z.number() }) }, { it: text })).toEqual({
      it: value,
    })
  })

  test.each([
    ['1e0', 'must be a number, not the text "1e0"'],
    ['6abc', 'must be a number, not the text "6abc"'],
    ['48,85', 'must be a number, not the text "48,85"'],
    [' 6 ', 'must be a number, not the text " 6 "'],
    ['0x10', 'must be a number, not the text "0x10"'],
    ['+6', 'must be a number, not the text "+6"'],
    ['.5', 'must be a number, not the text ".5"'],
    ['Infinity', 'must be a number, not the text "Infinity"'],
    ['NaN', 'must be a number, not the text "NaN"'],
    ['', 'must be a number, not an empty text'],
    ['9007199254740993', 'has more digits than can be kept: "9007199254740993"'],
    ['0.12345678901234567890', 'has more digits than can be kept: "0.12345678901234567890"'],
    ['x'.repeat(100_000), `must be a number, not the text "${'x'.repeat(60)}…"`],
    [[6], 'must be a number, not a list'],
    [{}, 'must be a number, not an object'],
    [true, 'must be a number, not true'],
    [null, 'must be a number, not null'],
  ])('%j is no number', (input, message) => {
    expect(refusal({ wallId: input })).toMatchObject({ issues: [{ path: 'wallId', message }] })
  })

  test.each([
    ['dry', 'True', 'must be true or false, not the text "True"'],
    ['dry', 1, 'must be true or false, not a number'],
    ['painterIds', '1,2', 'must be a list, not the text "1,2"'],
    ['painterIds', '6', 'must be a list, not the text "6"'],
    ['painterIds', '{"a":1}', 'must be a list, not the text "{\\"a\\":1}"'],
    ['painterIds', '[1,2', 'must be a list, not the text "[1,2"'],
    ['notes', '["a"]', 'must be an object, not the text "[\\"a\\"]"'],
    ['coats', '', undefined],
    ['colour', 6, 'must be a text, not a number'],
  ])('%s refuses %j or omits it', (name, input, message) => {
    const result = refusal({ wallId: 1, [name]: input })
    if (message) expect(result).toMatchObject({ issues: [{ path: name, message }] })
    else expect(result).toEqual({ wallId: 1, coats: 1 })
  })

  test('a text stays a text, whatever it looks like', () => {
    for (const text of ['6', 'true', '[1]', '{"a":1}']) expect(refusal({ ...right, colour: text }).colour).toBe(text)
    expect(refusal({ ...right, brand: '' }).brand).toBe('')
  })

  test('an empty text clears nothing by mistake, and is omitted where nothing can be cleared', () => {
    const create = { ...paint, effect: 'create' } as const
    expect(parseInput(create, { wallId: 1, colour: '' })).toEqual({ wallId: 1, coats: 1 })
    expect(parseInput(create, { wallId: 1, colour: null })).toEqual({ wallId: 1, colour: null, coats: 1 })
  })

  test('an operation without arguments accepts a few invented ones', () => {
    const rest = { name: 'rest', input: z.strictObject({}) }
    expect(parseInput(rest, { random_string: 'dummy', x: 1 })).toEqual({})
    expect(parseInput(rest, null)).toEqual({})
    expect(() => parseInput(rest, Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`x${at}`, 1])))).toThrow(
      'and 94 more names are not known here',
    )
  })

  test('a log-in, a consent and a frame of our own app are not converted', () => {
    const consent = { name: 'decide', kind: 'route', input: z.strictObject({ allow: z.boolean() }) }
    for (const input of [{ allow: 'true' }, { allow: true, more: null }]) {
      expect(() => parseInput(consent, input)).toThrow(/allow must be|more is not known here/)
    }
    expect(readAs(z.strictObject({ id: z.int() }), { id: '7' })).toMatchObject({ problem: expect.any(String) })
  })

  test('JSON text is parsed only up to the largest length of its field', () => {
    const longText = `[${' '.repeat(1_000_000)}1]`
    expect(refusal({ wallId: 1, painterIds: longText }).issues).toMatchObject([
      { path: 'painterIds', message: expect.stringContaining('must be a list, not the text') },
    ])
    const longList = `[${Array(100_000).fill(1)}]`
    expect(refusal({ wallId: 1, painterIds: longList }).issues[0]).toMatchObject({ path: 'painterIds' })
    expect(refusal({ wallId: 1, stripes: '['.repeat(500) + ']'.repeat(500) }).issues[0]).toMatchObject({
      path: 'stripes.0',
    })
    expect(refusal({ wallId: 1, painterIds: JSON.stringify(Array(100).fill(1234)) }).painterIds).toHaveLength(100)
  })
})

test('a published schema has only what a model needs', () => {
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

test.each(['24:00', '9:0', '9', '009:00', ' 9:00', '09:60', '09:00:00', ''])('%s is no time', (value) => {
  expect(ClockTime.safeParse(value).success).toBe(false)
})

test('valid dates and times are accepted', () => {
  for (const value of ['2028-02-29', '2027-12-31', '1999-01-01']) expect(CalendarDate.parse(value)).toBe(value)
  for (const value of ['00:00', '23:59']) expect(ClockTime.parse(value)).toBe(value)
  for (const [input, time] of [
    ['9:00', '09:00'],
    ['0:05', '00:05'],
  ]) {
    expect(ClockTime.parse(input)).toBe(time)
  }
})
