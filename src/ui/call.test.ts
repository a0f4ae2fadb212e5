import { expect, test } from 'vitest'
import { z } from 'zod'
import { operation } from '../core/declare/operation.ts'
import { route } from '../core/declare/route.ts'
import { requestFor, troubleIn } from './call.ts'

const input = z.object({ tripId: z.int(), placeId: z.int(), name: z.string().nullable().optional() })
const declared = { name: 'x', title: 'X', description: 'X', scope: null, input, output: z.object({}) } as const

test('parameters of the path go into the path, the others into the body', () => {
  const update = operation({ ...declared, effect: 'update', route: 'PATCH /trips/:tripId/places/:placeId' })
  expect(requestFor(update, { tripId: 7, placeId: 3, name: null })).toEqual({
    method: 'PATCH',
    url: '/api/trips/7/places/3',
    body: '{"name":null}',
  })
})

test('a read has no body: other parameters go into the query, and omitted ones stay out', () => {
  const list = operation({
    ...declared,
    effect: 'read',
    route: 'GET /trips/:tripId/places',
    input: z.object({ tripId: z.int(), search: z.string().optional(), ids: z.array(z.int()).optional() }),
  })
  expect(requestFor(list, { tripId: 7, search: 'tea & cake', ids: [1, 2] }).url).toBe(
    '/api/trips/7/places?search=tea+%26+cake&ids=1%2C2',
  )
  expect(requestFor(list, { tripId: 7, search: undefined })).toEqual({
    method: 'GET',
    url: '/api/trips/7/places',
    body: null,
  })
})

test('a value in a path cannot leave its segment', () => {
  const read = operation({ ...declared, effect: 'read', route: 'GET /c/:code', input: z.object({ code: z.string() }) })
  expect(requestFor(read, { code: '../x?y' }).url).toBe('/api/c/..%2Fx%3Fy')
})

test('a route is called at its own path, also outside the API', () => {
  const answer = route({
    name: 'x',
    title: 'X',
    description: 'X',
    admits: 'anybody',
    route: 'POST /oauth/things/:placeId',
    input,
    output: z.object({}),
  })
  expect(requestFor(answer, { placeId: 3, name: 'x' })).toEqual({
    method: 'POST',
    url: '/oauth/things/3',
    body: '{"name":"x"}',
  })
})

test('an unexpected error is reported once, with the request id that is in the log', () => {
  const messageFor = (answer: object) => troubleIn(503, { code: 'unavailable', ...answer }).message
  expect(messageFor({ detail: 'The database does not answer', request_id: '7f3a' })).toBe(
    'The database does not answer (request 7f3a)',
  )
  expect(messageFor({ detail: 'It is in the log as 7f3a.', request_id: '7f3a' })).toBe('It is in the log as 7f3a.')
  expect(messageFor({ detail: 'Slower, please' })).toBe('Slower, please')
})
