// What better-auth and those who ask it call the same; better-auth itself is loaded late.

/** The header in which our routes tell better-auth where a request comes from; nobody else can set it. */
export const ADDRESS_HEADER = 'x-trek-address'

/** The code of the error for an account that is blocked. */
export const BANNED = 'BANNED'
