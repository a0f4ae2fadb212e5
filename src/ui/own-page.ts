const HERE = 'http://here.invalid'

/** Whether this is the address of one of our pages, which a log-in may redirect to. */
export const isOwnPage = (to: unknown): to is string =>
  typeof to === 'string' && to.startsWith('/') && URL.canParse(to, HERE) && new URL(to, HERE).origin === HERE
