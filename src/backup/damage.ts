/** Why a file cannot be read as a backup. The message names its path once that is known. */
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

/** The file is incomplete or has changed since it was made. */
export class DamagedBackup extends UnreadableBackup {
  override readonly name = 'DamagedBackup'
}

/** TREK did not write the file. */
export class NoBackup extends UnreadableBackup {
  override readonly name = 'NoBackup'

  /** `looks` says what it seems to be, if known. */
  constructor(looks: string | null, advice = 'Give a file made by trek backup.') {
    super(`is not a backup of TREK${looks === null ? '' : `, but ${looks}`}. ${advice}`)
  }
}

/** Its passphrase or key is wrong or missing. */
export class UnknownSeal extends UnreadableBackup {
  override readonly name = 'UnknownSeal'
}

const ANOTHER = 'Copy it again, or take another backup.'

export const damaged = (how: string, cause?: unknown): DamagedBackup =>
  new DamagedBackup(`is damaged: ${how}. ${ANOTHER}`, { cause })

export const cutOff = (cause?: unknown): DamagedBackup =>
  damaged('it ends too early. It was cut off when it was made or copied', cause)

export const changed = (cause?: unknown): DamagedBackup =>
  damaged('some of its bytes have changed since it was written', cause)

export const followed = (cause?: unknown): DamagedBackup => damaged('there is more data after its end', cause)
