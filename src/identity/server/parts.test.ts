import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { expect, test } from 'vitest'
import { messageOfIssue } from '../../core/declare/wording.ts'
import { NewPassword } from '../contract/passwords.ts'
import { SCOPES } from '../contract/scopes.ts'
import { networkOf } from './attempt-limiter.ts'
import { deviceOf } from './devices.ts'
import { instanceKey, keyFile, keyFor } from './secrets.ts'

test.each([
  ['', 'must have at least 8 characters, but has 0'],
  ['seven77', 'must have at least 8 characters, but has 7'],
  ['x'.repeat(201), 'must have at most 200 characters, but has 201'],
  ['ZZzzZZzz', 'must not consist of one repeated character'],
  ['Qwerty123', 'must not be one of the most common passwords'],
])('the password %s is refused with the reason', (password, expectedReason) => {
  const { error } = NewPassword.safeParse(password, { reportInput: true })
  expect(error?.issues.map((issue) => messageOfIssue(issue).text)).toEqual([expectedReason])
})

test('any other password is accepted, including spaces', () => {
  for (const password of ['walnut lantern', '  leading', 'пароль-дня', '🥾🥾🥾🥾🏔️🏔️']) {
    expect(NewPassword.parse(password)).toBe(password)
  }
})

test('hashing and checking a password does not block the event loop', async () => {
  let ticks = 0
  const interval = setInterval(() => ticks++, 1)
  const hash = await hashPassword('walnut-lantern-42')
  expect(await verifyPassword({ hash, password: 'walnut-lantern-42' })).toBe(true)
  expect(await verifyPassword({ hash, password: 'walnut-lantern-43' })).toBe(false)
  clearInterval(interval)
  expect(ticks).toBeGreaterThan(10)
})

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0',
    'Edge on Windows',
  ],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15', 'Safari on macOS'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit CriOS/126.0 Mobile Safari', 'Chrome on iPhone'],
  ['Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/126.0 Mobile Safari', 'Chrome on Android'],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['', 'Unknown device'],
])('%s is shown as %s', (userAgent, device) => {
  expect(deviceOf(userAgent).text).toBe(device)
})

test('addresses of one household count as one', () => {
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1')
  expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1')
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2')
  expect(networkOf('2001:0db8:0001:0002::1')).toBe('2001:db8:1:2')
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0')
  expect(networkOf('::1')).toBe('0:0:0:0')
  expect(networkOf('::ffff:c000:201')).toBe('192.0.2.1')
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0')
  expect(networkOf('')).toBe('')
})

test('the key of the instance is created once and readable only by its owner', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'trek-keys-'))
  const key = instanceKey({ dataDir, encryptionKey: null })
  expect(key).toHaveLength(32)
  expect(instanceKey({ dataDir, encryptionKey: null })).toEqual(key)
  expect(statSync(keyFile(dataDir)).mode & 0o777).toBe(0o600)
  expect(readFileSync(keyFile(dataDir), 'utf8').trim()).toBe(key.toString('hex'))
  expect(instanceKey({ dataDir, encryptionKey: 'AB'.repeat(32) }).toString('hex')).toBe('ab'.repeat(32))
  expect(keyFor(key, 'web sessions')).not.toBe(keyFor(key, 'something else'))
  writeFileSync(keyFile(dataDir), 'spoiled')
  expect(() => instanceKey({ dataDir, encryptionKey: null })).toThrow('does not hold a key')
  rmSync(dataDir, { recursive: true })
})

test('there are 27 scopes, each once', () => {
  const names = SCOPES.map(({ scope }) => scope)
  expect(names).toHaveLength(27)
  expect(new Set(names).size).toBe(27)
  for (const { scope, label } of SCOPES) {
    expect(scope).toMatch(/^[a-z]+:(read|write|delete|share)$/)
    expect(label).not.toBe('')
  }
})
