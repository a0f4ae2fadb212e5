import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createHttpClient } from './http/client.ts'
import { type Rates, ratesOf } from './rates.ts'

const PAIRS: Record<string, number> = { 'EUR/JPY': 163.41, 'JPY/EUR': 0.0061, 'EUR/CHF': 0.9324, 'CHF/EUR': 1.0725 }
const TODAY = () => new Date('2027-04-05T10:00:00Z')

let close: (() => Promise<unknown>) | undefined
afterEach(() => close?.())

/** A server with both versions of the API, and the requests it got. */
async function provider(version: 'v1' | 'v2', broken = false): Promise<{ rates: Rates; requests: string[] }> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url as string)
    const { status, body } = broken ? { status: 500, body: 'oops' } : answer(new URL(request.url as string, 'http://x'))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = () => new Promise((resolve) => server.close(resolve))
  const { port } = server.address() as AddressInfo
  const http = createHttpClient({ allowInternalNetwork: false })
  return { rates: ratesOf(`http://127.0.0.1:${port}/${version}`, http, TODAY), requests }
}

function answer({ pathname, searchParams }: URL): { status: number; body: unknown } {
  const missing = { status: 404, body: { message: 'not found' } }
  const [, version, ...rest] = pathname.split('/')
  if (version === 'v1') {
    const date = rest[0] === 'latest' ? '2027-04-02' : rest[0]
    const [base, quote] = [searchParams.get('base'), searchParams.get('symbols')]
    const rate = PAIRS[`${base}/${quote}`]
    return base === 'XTS' ? missing : { status: 200, body: { base, date, rates: rate ? { [`${quote}`]: rate } : {} } }
  }
  const rate = PAIRS[`${rest[1]}/${rest[2]}`]
  const date = searchParams.get('date') ?? '2027-04-04'
  return rate ? { status: 200, body: { date, base: rest[1], quote: rest[2], rate } } : missing
}

test('the second version is queried for a pair, on a past day or now', async () => {
  const { rates, requests } = await provider('v2')
  expect(await rates.find('EUR', 'JPY', null)).toEqual({
    value: 163.41,
    date: '2027-04-04',
    source: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  })
  expect(await rates.find('EUR', 'CHF', '2027-01-02')).toMatchObject({ value: 0.9324, date: '2027-01-02' })
  expect(await rates.find('EUR', 'CHF', '2027-04-05')).toMatchObject({ date: '2027-04-04' })
  expect(await rates.find('EUR', 'CHF', '2028-01-01')).toMatchObject({ date: '2027-04-04' })
  expect(requests).toEqual(['/v2/rate/EUR/JPY', '/v2/rate/EUR/CHF?date=2027-01-02', '/v2/rate/EUR/CHF'])
})

test('the first version is queried for a list of one currency', async () => {
  const { rates, requests } = await provider('v1')
  expect(await rates.find('EUR', 'JPY', null)).toMatchObject({ value: 163.41, date: '2027-04-02' })
  expect(await rates.find('EUR', 'JPY', '2027-01-04')).toMatchObject({ date: '2027-01-04' })
  expect(await rates.find('EUR', 'VND', null)).toBeNull()
  expect(await rates.find('XTS', 'EUR', null)).toBeNull()
  expect(requests.slice(0, 2)).toEqual(['/v1/latest?base=EUR&symbols=JPY', '/v1/2027-01-04?base=EUR&symbols=JPY'])
})

test('for a small rate, which is rounded, the inverse rate is used', async () => {
  const { rates } = await provider('v2')
  expect(await rates.find('JPY', 'EUR', null)).toMatchObject({ value: Number((1 / 163.41).toPrecision(12)) })
})

test('an unknown currency and a failing server give no rate', async () => {
  const working = await provider('v2')
  expect(await working.rates.find('EUR', 'XAU', null)).toBeNull()
  expect(await working.rates.find('EUR', 'EUR', null)).toBeNull()
  await close?.()
  const { rates } = await provider('v2', true)
  expect(await rates.find('EUR', 'JPY', null)).toBeNull()
})
