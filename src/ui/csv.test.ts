import { expect, test } from 'vitest'
import { toCsv } from './csv.ts'

test('a table is written as CSV with a byte order mark and Windows line endings', async () => {
  expect(
    await toCsv(
      [
        ['a', 'b'],
        [1, null],
      ],
      ';',
    ),
  ).toBe('\ufeffa;b\r\n1;\r\n')
})

test.each([
  ['a, "b"', '"a, ""b"""'],
  ['two\nlines', '"two\nlines"'],
  ['two\rlines', '"two\rlines"'],
  ['=1+1', "'=1+1"],
  ['=1+1\n=2+2', '"\'=1+1\n=2+2"'],
  ['\t=1+1', "'\t=1+1"],
  ['\r=1+1', '"\'\r=1+1"'],
  ['-2', "'-2"],
  [-2, '-2'],
  ['＝1+1', "'＝1+1"],
  [' =1+1', ' =1+1'],
])('the cell %j is written as %j', async (cell, expected) => {
  expect(await toCsv([[cell, 'x']], ',')).toBe(`\ufeff${expected},x\r\n`)
})
