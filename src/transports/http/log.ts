import { write } from 'node:fs'
import { type DestinationStream, type Logger, pino } from 'pino'

/** Fields that must never reach a log, at any depth of our own lines. */
const SECRETS = [
  'authorization',
  'cookie',
  'set-cookie',
  'token',
  'access_token',
  'refresh_token',
  'client_secret',
  'password',
]
const anyDepth = (name: string) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]

const STANDARD_OUTPUT = 1

/** The log of the process: one JSON object a line, without secrets. */
export function createLog(level: string, destination: DestinationStream = linesTo(STANDARD_OUTPUT)): Logger {
  const options = { level, base: null, redact: { paths: SECRETS.flatMap(anyDepth), censor: '[hidden]' } }
  return pino(options, destination)
}

export type WriteTo = (
  descriptor: number,
  bytes: Buffer,
  done: (error: NodeJS.ErrnoException | null, written: number) => void,
) => void

/** The most characters that wait to be written. */
const MOST_WAITING = 1_000_000
const AGAIN_MS = 100

/**
 * Writes lines to a file descriptor in order. It never blocks the process or keeps it alive: lines that cannot be
 * written, because the disk is full or nobody reads, are dropped and counted. pino's own stream retries for ever.
 */
export function linesTo(descriptor: number, writeTo: WriteTo = write): DestinationStream {
  let waiting: Buffer[] = []
  let size = 0
  let writing = false
  let dropped = 0

  function next(): void {
    const lines = waiting
    if (!lines.length) return
    writing = true
    waiting = []
    size = 0
    put(Buffer.concat(lines), lines.length)
  }
  function put(bytes: Buffer, lines: number): void {
    writeTo(descriptor, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') setTimeout(() => put(bytes, lines), AGAIN_MS).unref()
      else if (!error && written < bytes.length) put(bytes.subarray(written), lines)
      else {
        writing = false
        if (error) dropped += lines
        next()
      }
    })
  }
  return {
    write(line) {
      if (size > MOST_WAITING) {
        dropped++
        return
      }
      if (dropped) {
        const missing = { level: 40, time: Date.now(), msg: `Lines of the log that could not be written: ${dropped}` }
        dropped = 0
        waiting.push(Buffer.from(`${JSON.stringify(missing)}\n`))
      }
      waiting.push(Buffer.from(line))
      size += line.length
      if (!writing) next()
    },
  }
}
