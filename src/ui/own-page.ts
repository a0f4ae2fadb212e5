const HERE = 'http://here.invalid'

/** Whether this is the address of a page of our own, to which somebody may be sent when they have logged in. */
export const isOwnPage = (to: unknown): to is string =>
  typeof to === 'string' && to.startsWith('/') && URL.canParse(to, HERE) && new URL(to, HERE).origin === HERE
