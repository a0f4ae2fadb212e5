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

/** The log of the process: one JSON object a line, without secrets. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, redact: { paths: SECRETS.flatMap(anyDepth), censor: '[hidden]' } }
  return destination ? pino(options, destination) : pino(options)
}
