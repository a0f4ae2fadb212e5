import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Encrypts texts that the database keeps and that only this instance can read. */
export interface Sealing {
  seal(text: string): string
  /** The text, or null if it was sealed with another key or has changed since. */
  open(sealed: string): string | null
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** AES-256-GCM (NIST SP 800-38D) with a key of 32 bytes in base64url: initialization vector, tag and text, in base64url. */
export function sealingWith(secret: string): Sealing {
  const key = Buffer.from(secret, 'base64url')
  return {
    seal(text) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      try {
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
        return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        return null
      }
    },
  }
}
