import { write } from 'node:fs'
import { type DestinationStream, type Logger, pino } from 'pino'

/** What must never reach a log, at any depth that our own lines have. */
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

/** So much waits to be written at the most, in characters. */
const MOST_WAITING = 1_000_000
const AGAIN_MS = 100

/**
 * Writes lines to a file descriptor, one after the other, and never keeps the process from its work or from ending: lines that
 * cannot be written, on a full disk or because nobody reads, are dropped and counted. pino's own stream tries again for ever.
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
