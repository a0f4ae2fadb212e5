import { expect, test } from 'vitest'
import { frameReference } from './reference.ts'

test('the reference names every frame and every field', () => {
  const text = frameReference()
  for (const type of [
    'subscribe',
    'unsubscribe',
    'here',
    'snapshot',
    'resumed',
    'changes',
    'reset',
    'presence',
    'error',
    'bye',
  ]) {
    expect(text).toContain(`### \`${type}\``)
  }
  expect(text).toContain('| `seq` | number, optional |')
})
