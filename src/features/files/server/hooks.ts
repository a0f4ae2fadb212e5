import type { ReadTx } from '../../../core/data/tx.ts'
import { hook } from '../../../core/run/feature.ts'

/**
 * Which of these keys do you refer to? Every feature that stores keys in rows must answer: bytes without a reference go
 * into quarantine once they are an hour old, and are deleted after 30 days there.
 */
export const filesInUse = hook<{ keys: readonly string[] }, readonly string[], ReadTx>('files_in_use')
