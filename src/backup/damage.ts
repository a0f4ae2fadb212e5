/** Why a file cannot be read as a backup: a sentence about it, in which it is called by its path as soon as that is known. */
export class UnreadableBackup extends Error {
  override readonly name: string = 'UnreadableBackup'
  readonly #says: string

  constructor(says: string, options?: ErrorOptions) {
    super(`The backup ${says}`, options)
    this.#says = says
  }

  about(file: string): this {
    this.message = `${file} ${this.#says}`
    return this
  }
}

/** It is incomplete, or has changed since it was made. */
export class DamagedBackup extends UnreadableBackup {
  override readonly name = 'DamagedBackup'
}

/** TREK has not written it. */
export class NoBackup extends UnreadableBackup {
  override readonly name = 'NoBackup'

  /** With what it looks like instead, where that can be told. */
  constructor(looks: string | null, advice = 'Give a file that trek backup has made.') {
    super(`is not a backup of TREK${looks === null ? '' : `, but ${looks}`}. ${advice}`)
  }
}

/** The passphrase or the key for it is wrong or missing. */
export class UnknownSeal extends UnreadableBackup {
  override readonly name = 'UnknownSeal'
}

const ANOTHER = 'Copy it again, or take another backup.'

export const damaged = (how: string, cause?: unknown): DamagedBackup =>
  new DamagedBackup(`is damaged: ${how}. ${ANOTHER}`, { cause })

export const cutOff = (cause?: unknown): DamagedBackup =>
  damaged('it ends too early. It was cut off when it was made or copied', cause)

export const changed = (cause?: unknown): DamagedBackup => damaged('bytes in it are not those that were written', cause)

export const followed = (cause?: unknown): DamagedBackup =>
  damaged('more follows after its end. Something was written behind it', cause)
