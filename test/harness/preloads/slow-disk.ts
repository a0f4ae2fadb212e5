import { open } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'

/** Preloaded into a server: a disk that takes so many milliseconds to sync a commit or a file (fsync(2)). */
const ms = Number(process.env.SLOW_DISK_MS)
const sleeper = new Int32Array(new SharedArrayBuffer(4))

/** Two things wait for the disk: the commit of a transaction that writes, and a write outside of a transaction. */
const BEGINS = /^begin immediate/i
const ENDS = /^commit/i
const WRITES = /^(insert|update|delete)/i
let isWriting = false

const { prepare } = Sqlite.prototype
Sqlite.prototype.prepare = function (this: Sqlite.Database, source: string) {
  const statement = prepare.call(this, source)
  const delayed =
    <Values extends unknown[], Result>(run: (...values: Values) => Result) =>
    (...values: Values): Result => {
      const waitsNow = ENDS.test(source) ? isWriting : WRITES.test(source) && !this.inTransaction
      if (BEGINS.test(source)) isWriting = true
      else if (!this.inTransaction || ENDS.test(source)) isWriting = false
      if (waitsNow) Atomics.wait(sleeper, 0, 0, ms)
      return run.apply(statement, values)
    }
  statement.run = delayed(statement.run)
  statement.all = delayed(statement.all)
  return statement
} as typeof prepare

const anyFile = await open(process.execPath, 'r')
const FileHandle = Object.getPrototypeOf(anyFile) as { sync(): Promise<void> }
await anyFile.close()
const { sync } = FileHandle
FileHandle.sync = async function () {
  await pause(ms)
  return sync.call(this)
}
