import type { z } from 'zod'
import type { AnyObject, Endpoint, PathParameters } from './operation.ts'

/**
 * A request that reads or sets a cookie: log-in, log-out, consent. Operations see no cookies, so a route is in no
 * catalogue, and no token gives access to it.
 */
export interface Route<Name extends string, I extends AnyObject, O extends AnyObject, A extends Admits>
  extends Endpoint<Name, I, O> {
  readonly kind: 'route'
  readonly admits: A
  readonly method: 'GET' | 'POST'
  /** The whole path. */
  readonly path: string
}

/** `anybody`, or a `person`: logged in in this browser, sent from a page of this server, and allowed to write. */
export type Admits = 'anybody' | 'person'

export type AnyRoute = Route<string, AnyObject, AnyObject, Admits>

export function route<
  const Name extends string,
  I extends AnyObject,
  O extends AnyObject,
  const A extends Admits,
  const R extends `${AnyRoute['method']} /${string}`,
>(declared: {
  name: Name
  title: string
  description: string
  admits: A
  /** Method and whole path; each `:parameter` must be an input field. */
  route: PathParameters<R> extends keyof z.input<I> ? R : never
  input: I
  output: O
}): Route<Name, I, O, A> {
  const { route, input, ...rest } = declared
  const [method, path] = route.split(' ') as [AnyRoute['method'], string]
  return { kind: 'route', ...rest, method, path, input: input.strict() as unknown as I }
}
