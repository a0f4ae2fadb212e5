import { expect, test } from 'vitest'
import { runsOf, undoable } from './runs.ts'
import type { ChangeLine } from './use-changes.ts'

const line = (commit: string, time: string, more: Partial<ChangeLine> = {}): ChangeLine => ({
  commit,
  at: `2027-04-05T${time}:00.000Z`,
  user_id: 1,
  user_name: 'Ana',
  client: null,
  operation: 'create_place',
  title: 'Create a place',
  rows: [],
  more: false,
  undone: false,
  undoes: false,
  refused: null,
  refused_message: null,
  ...more,
})

const commitsOf = (lines: readonly ChangeLine[]) => runsOf(lines).map((run) => run.lines.map(({ commit }) => commit))

test('changes of one person with pauses under 15 minutes are one run', () => {
  expect(commitsOf([line('c', '10:28'), line('b', '10:14'), line('a', '10:00')])).toEqual([['c', 'b', 'a']])
})

test('a pause of 15 minutes begins another run', () => {
  expect(commitsOf([line('b', '10:15'), line('a', '10:00')])).toEqual([['b'], ['a']])
})

test('another person or an assistant of the same person begins another run', () => {
  const other = { user_id: 2, user_name: 'Ben' }
  const lines = [
    line('d', '10:03'),
    line('c', '10:02', { client: 'Claude' }),
    line('b', '10:01', other),
    line('a', '10:00'),
  ]
  expect(commitsOf(lines)).toEqual([['d'], ['c'], ['b'], ['a']])
})

test('undone changes, changes that undo others and refused ones cannot be undone', () => {
  const lines = [
    line('d', '10:03', { undoes: true }),
    line('c', '10:02', { undone: true }),
    line('b', '10:01', { refused: 'It has been sent' }),
    line('a', '10:00'),
  ]
  expect(
    runsOf(lines)
      .flatMap(undoable)
      .map(({ commit }) => commit),
  ).toEqual(['a'])
})
