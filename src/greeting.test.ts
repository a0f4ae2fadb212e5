import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { greeting } from './greeting.ts'

const lan = { family: 'IPv4', internal: false, address: '192.168.1.7' } as NetworkInterfaceInfo
const loopback = { family: 'IPv4', internal: true, address: '127.0.0.1' } as NetworkInterfaceInfo
const START = {
  url: 'http://localhost:3000',
  config: { appUrl: null, host: '127.0.0.1', allowedHosts: [], dataDir: '/srv/trek' },
  admin: null,
  assistants: true,
  byNpm: true,
  interfaces: { lo: [loopback], eth0: [lan] },
}

test('the first start shows how to log in, and the next steps', () => {
  const admin = { username: 'admin', email: 'admin@trek.local', password: 'walnut' }
  expect(greeting({ ...START, admin })).toEqual([
    '',
    '  TREK is running: http://localhost:3000',
    '  Only this machine can open it. For phones in the same network, start it with HOST=0.0.0.0.',
    '',
    '  Log in as the first administrator. This is shown only now:',
    '    user name  admin',
    '    e-mail     admin@trek.local',
    '    password   walnut',
    '  Then change the password under Settings, and make accounts for the others under Administration.',
    '',
    '  Assistants connect to http://localhost:3000/mcp',
    '  Give them this address, and allow them in the browser.',
    '',
    '  Everything is kept in /srv/trek. Ctrl-C stops the server.',
    '',
  ])
  const set = greeting({ ...START, admin: { ...admin, password: null } })
  expect(set).toContain('    password   the one in ADMIN_PASSWORD')
})

test('a server that is open to the network shows its addresses', () => {
  const open = greeting({ ...START, config: { ...START.config, host: '0.0.0.0', allowedHosts: ['trek.lan'] } })
  expect(open).toContain('  In the same network: http://trek.lan:3000, http://192.168.1.7:3000')
  expect(open).toContain('  Set APP_URL to the address that people open, so that links and assistants use it.')
})

test('a server with a public address shows that one alone', () => {
  const named = greeting({ ...START, config: { ...START.config, appUrl: 'https://trek.example.org', host: '0.0.0.0' } })
  expect(named.slice(0, 5)).toEqual([
    '',
    '  TREK is running: https://trek.example.org',
    '',
    '  Assistants connect to https://trek.example.org/mcp',
    '  Give them this address, and allow them in the browser.',
  ])
})

test('a server below a path shows its address with the path', () => {
  const greetingBelowPath = greeting({
    ...START,
    config: { ...START.config, appUrl: 'https://example.org/trek', host: '0.0.0.0' },
  })
  expect(greetingBelowPath).toContain('  TREK is running: https://example.org/trek')
  expect(greetingBelowPath).toContain('  Assistants connect to https://example.org/trek/mcp')
})

test('if assistants cannot connect, the greeting shows how to let them', () => {
  expect(greeting({ ...START, assistants: false })).toContain(
    '  Assistants cannot connect yet. To let them: npm run -s trek -- addon enable mcp',
  )
  expect(greeting({ ...START, assistants: false, byNpm: false })).toContain(
    '  Assistants cannot connect yet. To let them: npx trek addon enable mcp',
  )
})
