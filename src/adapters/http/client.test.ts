import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { createHttpClient, type HttpClientOptions } from './client.ts'
import { mayCall } from './ssrf-guard.ts'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** A server on every address of the loopback network; returns its port and the requests it got. */
async function serve(answer: RequestListener) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.socket.localAddress?.replace('::ffff:', '')}${request.url}`)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { port, requests, at: (path: string, host = '127.0.0.1') => `http://${host}:${port}${path}` }
}

/** 127.0.0.1 stands for the public internet, 127.0.0.2 for a network that must not be reached. */
const clientOfTest = (options: Partial<HttpClientOptions> = {}) =>
  createHttpClient({ allowInternalNetwork: false, mayCall: (address) => address === '127.0.0.1', ...options })

const strict = createHttpClient({ allowInternalNetwork: false })
const onTheLan = createHttpClient({ allowInternalNetwork: true })

it('reads JSON and text from an address configured by the operator, with a user agent', async () => {
  const agents: (string | undefined)[] = []
  const { at, requests } = await serve((request, response) => {
    agents.push(request.headers['user-agent'])
    response.end('{"EUR":1}')
  })
  const http = createHttpClient({ allowInternalNetwork: false, contact: 'https://trek.example.org' })
  expect(await http.json(at('/rates'), { trusted: true })).toEqual({ EUR: 1 })
  expect(await http.text(at('/rates'), { trusted: true, body: { a: 1 } })).toBe('{"EUR":1}')
  expect(requests).toEqual(['GET 127.0.0.1/rates', 'POST 127.0.0.1/rates'])
  expect(agents[0]).toMatch(/^TREK\/\d[\d.]* \(https:\/\/trek\.example\.org\)$/)
})

it('repeats a fresh answer without a call, and shares one call between concurrent requests', async () => {
  const { at, requests } = await serve(async (_, response) => {
    await sleep(20)
    response.end('{}')
  })
  const http = clientOfTest()
  const callTwice = () =>
    Promise.all([http.json(at('/a'), { cacheSeconds: 1 }), http.json(at('/a'), { cacheSeconds: 1 })])
  await callTwice()
  await callTwice()
  expect(requests).toHaveLength(1)
  await http.json(at('/a'), { cacheSeconds: 1, headers: { 'accept-language': 'de' } })
  await http.json(at('/a'))
  expect(requests).toHaveLength(3)
})

it('does not cache a failure', async () => {
  let broken = true
  const { at } = await serve((_, response) => {
    response.statusCode = broken ? 500 : 200
    response.end('1')
  })
  const http = clientOfTest()
  await expect(http.json(at('/'), { cacheSeconds: 60 })).rejects.toMatchObject({ code: 'unavailable' })
  broken = false
  expect(await http.json(at('/'), { cacheSeconds: 60 })).toBe(1)
})

it('returns null for a status that means "not found"', async () => {
  const { at } = await serve((_, response) => response.writeHead(404).end('{}'))
  expect(await clientOfTest().json(at('/'), { absent: [404] })).toBeNull()
  await expect(clientOfTest().json(at('/'))).rejects.toMatchObject({ code: 'unavailable', message: /error \(404\)/ })
})

it('times out slow answers for a library too, whichever signal that passes', async () => {
  const { at } = await serve((request, response) => {
    if (request.url === '/trickle') response.write('{')
  })
  const http = clientOfTest({ timeoutMs: 100 })
  const { signal } = new AbortController()
  for (const path of ['/silent', '/trickle']) {
    for (const init of [undefined, { signal }]) {
      await expect(http.fetch(at(path), init)).rejects.toThrow(/did not answer in time/)
    }
  }
})

it('gives up on answers that are slow, too large or not JSON', async () => {
  const { at } = await serve((request, response) => {
    if (request.url === '/slow') return
    if (request.url === '/trickle') {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
      return
    }
    response.end(request.url === '/large' ? 'x'.repeat(3000) : 'not json')
  })
  const failure = (message: RegExp) => ({ code: 'unavailable', message: expect.stringMatching(message) })
  const http = clientOfTest()
  await expect(http.text(at('/slow'), { timeoutMs: 100 })).rejects.toMatchObject(failure(/in time/))
  await expect(http.text(at('/trickle'), { timeoutMs: 150 })).rejects.toMatchObject(failure(/in time/))
  await expect(http.text(at('/large'), { maxBytes: 2048 })).rejects.toMatchObject(failure(/more than 2 KB/))
  await expect(http.json(at('/words'))).rejects.toMatchObject(failure(/cannot be read/))
  await expect(http.text('http://127.0.0.1:1/')).rejects.toMatchObject(failure(/could not be reached/))
})

it('stops calling a host that keeps failing, and retries it later', async () => {
  let broken = true
  const { at, requests } = await serve((_, response) => {
    response.statusCode = broken ? 503 : 200
    response.end('{}')
  })
  const http = clientOfTest({ breakMs: 150 })
  const call = () => http.json(at('/'))
  for (let i = 0; i < 5; i++) await expect(call()).rejects.toMatchObject({ message: /error \(503\)/ })
  await expect(call()).rejects.toMatchObject({
    code: 'unavailable',
    message: /has failed several times/,
    retryAfter: 30,
  })
  expect(requests).toHaveLength(5)
  const healthy = await serve((_, response) => response.end('{}'))
  await http.json(healthy.at('/'))
  broken = false
  await sleep(200)
  expect(await call()).toEqual({})
  expect(await call()).toEqual({})
})

it('does not count invalid requests as failures of the host', async () => {
  const { at, requests } = await serve((_, response) => response.writeHead(400).end())
  const http = clientOfTest()
  for (let i = 0; i < 8; i++) await expect(http.json(at('/'))).rejects.toMatchObject({ message: /\(400\)/ })
  expect(requests).toHaveLength(8)
})

it('follows redirects, passes no headers to another host, and stops after five', async () => {
  const keysReceived: (string | undefined)[] = []
  const end = await serve((request, response) => {
    keysReceived.push(request.headers['x-key'] as string | undefined)
    response.end('there')
  })
  const { at } = await serve((request, response) => {
    keysReceived.push(request.headers['x-key'] as string | undefined)
    const location = request.url === '/a' ? '/b' : request.url === '/b' ? end.at('/c') : '/loop'
    response.writeHead(302, { location }).end()
  })
  const http = clientOfTest()
  expect(await http.text(at('/a'), { headers: { 'x-key': '1' } })).toBe('there')
  expect(keysReceived).toEqual(['1', '1', undefined])
  expect(await http.resolve(at('/a'))).toBe(end.at('/c'))
  expect(await http.resolve(at('/a'), { until: (url) => url.pathname === '/b' })).toBe(at('/b'))
  await expect(http.resolve(at('/loop'))).rejects.toMatchObject({ message: /without end/ })
})

it('refuses a redirect to a forbidden address, even from a trusted host', async () => {
  const target = await serve((_, response) => response.end('secret'))
  const { at } = await serve((request, response) => {
    const location = request.url === '/file' ? 'file:///etc/passwd' : target.at('/', '127.0.0.2')
    response.writeHead(302, { location }).end()
  })
  for (const options of [{}, { trusted: true }]) {
    await expect(clientOfTest().text(at('/'), options)).rejects.toMatchObject({ code: 'invalid' })
    await expect(clientOfTest().text(at('/file'), options)).rejects.toMatchObject({ code: 'invalid' })
    await expect(strict.resolve(at('/'), options)).rejects.toMatchObject({ code: 'invalid' })
  }
  expect(target.requests).toEqual([])
})

it('connects to the checked address, even if the name resolves differently a moment later', async () => {
  const { port, requests } = await serve((_, response) => response.writeHead(200, { connection: 'close' }).end('x'))
  const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.1']
  const http = clientOfTest({ resolve: async () => [{ address: answers.shift() as string, family: 4 }] })
  const url = `http://rebinding.example:${port}/`
  expect(await http.text(url)).toBe('x')
  await expect(http.text(url)).rejects.toMatchObject({ code: 'invalid' })
  expect(await http.text(url)).toBe('x')
  expect(requests).toEqual(['GET 127.0.0.1/', 'GET 127.0.0.1/'])
})

it('refuses a name if any of its addresses is forbidden', async () => {
  const addresses = [
    { address: '127.0.0.1', family: 4 },
    { address: '127.0.0.2', family: 4 },
  ]
  const http = clientOfTest({ resolve: async () => addresses })
  await expect(http.text('http://two.example/')).rejects.toMatchObject({ code: 'invalid' })
})

it.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f.0.0.1/',
  'http://0177.0.0.1/',
  'http://0.0.0.0/',
  'http://0.1.2.3/',
  'http://[::1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:8.8.8.8]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[fe80::1]/',
  'http://[ff02::1]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://100.100.100.200/',
  'http://[fd00:ec2::254]/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://localhost/',
  'http://localhost./',
  'http://LOCALHOST:80/',
  'http://a.localhost/',
  'http://user:pass@example.org/',
  'ftp://example.org/',
  'file:///etc/passwd',
  'data:text/plain,x',
])('never calls %s for a user', async (url) => {
  for (const http of [strict, onTheLan]) {
    await expect(http.text(url)).rejects.toMatchObject({ code: 'invalid' })
    await expect(http.resolve(url)).rejects.toMatchObject({ code: 'invalid' })
  }
})

it('calls the local network for a user only if that is allowed', async () => {
  for (const address of ['10.0.0.1', '172.16.3.4', '192.168.1.1', '100.64.0.1', 'fd12::1']) {
    expect([address, mayCall(address, false), mayCall(address, true)]).toEqual([address, false, true])
  }
  for (const address of ['8.8.8.8', '2606:4700::1111']) expect(mayCall(address, false)).toBe(true)
  for (const host of ['printer.local', 'db.internal', 'db.internal.']) {
    await expect(strict.text(`http://${host}/`)).rejects.toMatchObject({ code: 'invalid' })
  }
})

it('never calls the local network for a stranger, even if users may', async () => {
  for (const url of ['https://10.0.0.1/', 'https://192.168.1.1/', 'https://[fd12::1]/', 'https://printer.local/']) {
    await expect(onTheLan.fetch(url)).rejects.toMatchObject({ code: 'invalid' })
  }
})

it('does not stop calling a host because of the requests of strangers', async () => {
  const { port, at } = await serve((request, response) => {
    if (request.url === '/slow') request.socket.destroy()
    else response.end('{}')
  })
  const http = clientOfTest()
  for (let i = 0; i < 6; i++) await expect(http.fetch(at('/slow'))).rejects.toMatchObject({ code: 'unavailable' })
  await expect(http.fetch(at('/'))).rejects.toMatchObject({ message: /has failed several times/ })
  expect(await http.json(`http://127.0.0.1:${port}/`)).toEqual({})
})

it('reveals nothing internal in its errors', async () => {
  const error = await strict.text('http://169.254.169.254/latest').catch((thrown: unknown) => thrown)
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: 'invalid',
    message: '169.254.169.254 is not an address on the public internet',
    key: 'outgoing.notPublic',
    params: { host: '169.254.169.254' },
    hint: 'Give a public web address, or ask an administrator of the server to allow addresses on its own network with ALLOW_INTERNAL_NETWORK.',
  })
})

it('sends the trace of a call only to services of the operator', async () => {
  const traces: unknown[] = []
  const { at } = await serve(({ headers, url }, response) => {
    traces.push(headers.traceparent)
    if (url === '/on') response.writeHead(302, { location: at('/there') })
    response.end('{}')
  })
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const http = clientOfTest({ traceHeaders: () => ({ traceparent }) })
  await http.json(at('/rates'), { trusted: true })
  await http.text(at('/pasted'))
  await http.resolve(at('/on'))
  expect(traces).toEqual([traceparent, undefined, undefined, undefined])
})
