import { readFileSync } from 'node:fs'

/** Preloaded into a server: a clock with the offset in milliseconds that a file contains. SIGUSR2 reads the file. */
const file = process.env.CLOCK_OFFSET_FILE ?? ''
const RightDate = Date
let offset = 0

class WrongDate extends RightDate {
  constructor(...args: [] | [number | string | Date]) {
    if (args.length) super(...(args as [number]))
    else super(RightDate.now() + offset)
  }

  static override now(): number {
    return RightDate.now() + offset
  }
}

globalThis.Date = WrongDate as DateConstructor
process.on('SIGUSR2', () => {
  offset = Number(readFileSync(file, 'utf8'))
  console.log(`The clock is wrong by ${offset} ms.`)
})
