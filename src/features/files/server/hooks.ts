import type { ReadTx } from '../../../core/data/tx.ts'
import { hook } from '../../../core/run/feature.ts'

/**
 * Which of these keys do you refer to? Whoever keeps a key in a row must answer: bytes that nobody refers to go into
 * quarantine when they are older than an hour, and are deleted after 30 days there.
 */
export const filesInUse = hook<{ keys: readonly string[] }, readonly string[], ReadTx>('files_in_use')
