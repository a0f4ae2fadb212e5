import { expect, test } from 'vitest'
import { timeOf } from './time.ts'

test('times are accepted as people type them', () => {
  expect(['9', '930', '9:30', '09.30', '21h15', ' 2130 '].map(timeOf)).toEqual([
    '09:00',
    '09:30',
    '09:30',
    '09:30',
    '21:15',
    '21:30',
  ])
  expect(['9 pm', '12am', '12:30 PM'].map(timeOf)).toEqual(['21:00', '00:00', '12:30'])
})

test('invalid times are not guessed', () => {
  expect(['', '25', '12:60', '13pm', 'noon', '9:3'].map(timeOf)).toEqual([null, null, null, null, null, null])
})
