import { appendFileSync } from 'node:fs'

/** Preloaded into a server and all that it starts: each process writes down who it is, who started it and for what. */
appendFileSync(
  process.env.NOTED_IN ?? '',
  `${JSON.stringify({ pid: process.pid, parent: process.ppid, words: process.argv.slice(2) })}\n`,
)
