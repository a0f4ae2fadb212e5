// Names shared by better-auth and its callers, kept apart because better-auth loads late.

/** The header with which our routes pass the client's address to better-auth; nobody else can set it. */
export const ADDRESS_HEADER = 'x-trek-address'

/** The error code of a blocked account. */
export const BANNED = 'BANNED'
