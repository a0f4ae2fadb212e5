import { type ErrorCode, type Particulars, TrekError } from './errors.ts'
import { type Declared, declare, type Message, messageOf, type Params, type ParamsOf } from './message.ts'

/** A message that is an error: calling it creates the error. */
interface DeclaredError extends Declared {
  readonly code: ErrorCode
}

type Maker<D extends Declared> = { readonly key: string } & (D extends DeclaredError
  ? (...args: [...ParamsOf<D>, particulars?: Particulars]) => TrekError
  : (...params: ParamsOf<D>) => Message)

/**
 * The messages of a feature, each as a function of its parameters. It returns an error if a code is declared, otherwise a
 * `Message`. A schema check names a message by its `key`.
 *
 *     const messages = declareMessages('packing', {
 *       itemNotFound: { code: 'not_found', text: 'Packing item {{id}} is not in this trip' },
 *       strangers: { text: 'must name members of the trip: {{members}}' },
 *     })
 *     throw messages.itemNotFound({ id })
 *     throw invalidField('shared_with', messages.strangers({ members }))
 */
export function declareMessages<const D extends Readonly<Record<string, Declared | DeclaredError>>>(
  room: string,
  declared: D,
): { readonly [Name in keyof D]: Maker<D[Name]> } {
  const makers = Object.entries(declared).map(([name, one]) => [name, makerOf(`${room}.${name}`, one)])
  return Object.fromEntries(makers)
}

function makerOf(key: string, declared: Declared | DeclaredError) {
  declare(key, declared)
  const takesParams = /\{\{\w+\}\}/.test(JSON.stringify(declared))
  if (!('code' in declared)) {
    return Object.assign((params: Params = {}) => messageOf(key, declared, params), { key })
  }
  const make = (...args: readonly unknown[]) => {
    const params = takesParams ? (args[0] as Params) : {}
    const particulars = args[takesParams ? 1 : 0] as Particulars | undefined
    return new TrekError(declared.code, messageOf(key, declared, params), particulars)
  }
  return Object.assign(make, { key })
}
