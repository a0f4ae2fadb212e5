import { whenNeeded } from '../../core/run/when-needed.ts'
import type { S3Options, Wire } from './wire.ts'

/** Loads the wire on demand: most servers have no such storage, and its libraries take memory. */
export function lazyWire(options: S3Options): Wire {
  let loaded: Wire | undefined
  const wire = whenNeeded(async () => (loaded = (await import('./wire.ts')).createWire(options)))
  return {
    host: new URL(options.endpoint).host,
    ask: async (call, read) => (await wire()).ask(call, read),
    document: async (call) => (await wire()).document(call),
    close: async () => loaded?.close(),
  }
}
