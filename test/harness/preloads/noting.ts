import { appendFileSync } from 'node:fs'

/** Preloaded into a server and its child processes: each appends its id, its parent and its arguments to a file. */
appendFileSync(
  process.env.NOTED_IN ?? '',
  `${JSON.stringify({ pid: process.pid, parent: process.ppid, words: process.argv.slice(2) })}\n`,
)
