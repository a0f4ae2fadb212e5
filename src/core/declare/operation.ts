import { z } from 'zod'

/**
 * The declarations of a feature. They are plain values that also run in the browser. Everything a client can see is
 * computed from them.
 */

/** The effect of an operation. Annotations, HTTP status and the refusal of writes follow from it. */
export type Effect = 'read' | 'create' | 'update' | 'destroy'

/** A transport that offers an operation. */
export type Way = 'mcp' | 'rest'

export type Scope = `${string}:${string}`

/**
 * Why an operation cannot be undone: it gives or ends access, changes the instance, has sent something, only checks, or
 * erases.
 */
export type NeverUndone = 'access' | 'instance' | 'sent' | 'check' | 'erases'

/** A part of the product that an administrator can switch on and off. */
export interface Addon {
  readonly kind: 'addon'
  readonly name: string
  readonly title: string
  readonly description: string
  /** Whether it is on in a new instance. */
  readonly default: boolean
}

export const addon = (declared: Omit<Addon, 'kind'>): Addon => ({ kind: 'addon', ...declared })

/** Who can do a thing, from the fewest people to the most. */
export const LEVELS = ['admin', 'owner', 'member', 'everybody'] as const
export type Level = (typeof LEVELS)[number]

/** A person's role in a space. Viewers see what others see and change nothing. */
export type SpaceRole = 'owner' | 'editor' | 'viewer'

/**
 * Whether a person is in this circle: administrators always are; `role` is the role in the space, null outside of one.
 */
export function permits(level: Level, who: { readonly admin: boolean }, role: SpaceRole | null): boolean {
  if (who.admin || level === 'everybody') return true
  if (level === 'member') return role === 'owner' || role === 'editor'
  return level === 'owner' && role === 'owner'
}

/** A right that an administrator can give to a wider or narrower circle. */
export interface Permission {
  readonly kind: 'permission'
  readonly name: string
  readonly title: string
  readonly default: Level
  /** The circles that can get it. */
  readonly levels: readonly Level[]
}

export const permission = (declared: Omit<Permission, 'kind'>): Permission => ({ kind: 'permission', ...declared })

/** The right of administrators; never given to anyone else. */
export const administration: Permission = permission({
  name: 'administration',
  title: 'Run the instance',
  default: 'admin',
  levels: ['admin'],
})

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type PathParameters<R extends string> = R extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParameters<`/${Rest}`>
  : R extends `${string}:${infer Name}`
    ? Name
    : never

// biome-ignore lint/suspicious/noExplicitAny: stands for every object schema
export type AnyObject = z.ZodObject<any>

/** An HTTP request that the app can send: the common part of an operation and a route. */
export interface Endpoint<Name extends string, I extends AnyObject, O extends AnyObject> {
  readonly name: Name
  /** A few words, for menus, consent and the audit log: "Add a packing item". */
  readonly title: string
  readonly description: string
  readonly method: Method
  readonly path: string
  readonly input: I
  readonly output: O
}

export interface Operation<
  Name extends string = string,
  I extends AnyObject = AnyObject,
  O extends AnyObject = AnyObject,
  E extends Effect = Effect,
> extends Endpoint<Name, I, O> {
  readonly kind: 'operation'
  /** What a model must know to use it correctly. */
  readonly description: string
  readonly effect: E
  /** The required scope, or a list of which any one suffices; null if none is required. */
  readonly scope: Scope | readonly Scope[] | null
  readonly addon?: Addon | undefined
  /** The required right, or a function that computes the rights from the input. */
  // biome-ignore lint/suspicious/noExplicitAny: typed by operation(), where it is declared
  readonly permission?: Permission | ((input: any) => readonly Permission[]) | undefined
  /**
   * Other features whose rows it writes, except by a `consequence` of a hook. Such a write needs the scope and the
   * right of that feature's operations. The text says what works without them.
   */
  readonly alsoWrites: Readonly<Record<string, string>>
  /** Features whose rows it writes with its own scope and right alone, and why. */
  readonly ownWrites: Readonly<Record<string, string>>
  /** The path below `/api`. */
  readonly path: string
  /** The transports that offer it. */
  readonly expose: readonly Way[]
  /** Whether it acts outside of this server, for `openWorldHint`. */
  readonly openWorld: boolean
  /**
   * The most bytes of the uploaded file, which is the input field `file` (an `Upload`). Such an operation is offered
   * over REST only.
   */
  readonly upload: number | undefined
  /** Whether its answer is a file (the output field `file`, a `Download`), which REST sends as it is. */
  readonly download: boolean
  /** The input field that the audit log shows: what was downloaded, for example. It shows no other. */
  readonly subject?: string | undefined
  /** Whether it needs no authentication: for content that a link alone gives access to. */
  readonly open: boolean
  /** The output fields that are shown only once, such as a new token. A repeated answer omits them. */
  readonly shownOnce: readonly string[]
  /**
   * Set where `prepare` has an irreversible effect outside of the server: the read operation that shows whether it
   * happened.
   */
  readonly actsOutside: AnyOperation | undefined
  /**
   * How its commits are undone: `rows`, each row as far as later changes allow; `whole`, all or nothing; `own`, like
   * `rows`, but only by the author. Otherwise the reason why they cannot be undone.
   */
  readonly undo: 'rows' | 'whole' | 'own' | NeverUndone
  /** The output field with the list to page through; such an operation takes `cursor` and `limit`. */
  readonly pages: (keyof z.output<O> & string) | undefined
  /**
   * How to get the rest of a truncated answer, for each list in it that this operation does not page through as a tool
   * itself: by path, like `summary.flows`.
   */
  readonly continuations: Continuations
  /** The call for what follows an answer, for a list with its own way of paging; null where nothing follows. */
  // biome-ignore lint/suspicious/noExplicitAny: typed by operation(), where it is declared
  readonly follows: ((input: any, output: any) => Continuation | null) | undefined
}

/** A tool with which an assistant gets the rest of a list. */
export interface Continuation {
  readonly tool: string
  readonly input: Readonly<Record<string, unknown>>
  /** Set if that tool also lists other things and must be read from its start. */
  readonly fromStart?: boolean
}

/** `inside` is for what is cut inside of list entries. */
// biome-ignore lint/suspicious/noExplicitAny: the input of whatever operation it is declared with
export type Continuations = Readonly<Record<string, (input: any) => Continuation>>

export type AnyOperation = Operation<string, AnyObject, AnyObject, Effect>
export type Input<D extends { readonly input: AnyObject }> = z.output<D['input']>
export type Output<D extends { readonly output: AnyObject }> = z.output<D['output']>

/** An uploaded file: where its bytes are stored, and what its sender declares about it. */
export const Upload = z.object({
  key: z.string().max(100),
  name: z.string().max(255),
  type: z.string().max(100),
  size: z.int().min(0),
  /** SHA-256 of the bytes, in base64url. */
  digest: z.string().max(100),
})
export type Upload = z.output<typeof Upload>

/** A file to send: where its bytes are stored, and its declared name and type. */
export const Download = z.object({
  key: z.string(),
  name: z.string(),
  type: z.string(),
  /** Whether a browser can show it in place instead of saving it. */
  inline: z.boolean(),
})
export type Download = z.output<typeof Download>

const page = {
  cursor: z.string().min(1).max(200).optional().describe('next_cursor from the previous page.'),
  limit: z.int().min(1).max(1000).optional().describe('Maximum number to return.'),
}

const pageEnd = {
  next_cursor: z.string().nullable().describe('Pass as cursor for the next page; null on the last page.'),
  remaining: z.int().describe('Number of rows after this page.'),
}

type Paged<O extends AnyObject, P> = [P] extends [string] ? z.ZodObject<O['shape'] & typeof pageEnd> : O
type Pageable<I extends AnyObject, P> = [P] extends [string] ? z.ZodObject<I['shape'] & typeof page> : I

export function operation<
  const Name extends string,
  I extends AnyObject,
  O extends AnyObject,
  const E extends Effect,
  const R extends `${Method} /${string}`,
  const P extends (keyof z.output<O> & string) | undefined = undefined,
>(declared: {
  name: Name
  title: string
  description: string
  effect: E
  scope: Scope | readonly Scope[] | null
  addon?: Addon
  permission?: Permission | ((input: z.output<I>) => readonly Permission[])
  alsoWrites?: Readonly<Record<string, string>>
  ownWrites?: Readonly<Record<string, string>>
  /** Method and path; each `:parameter` must be an input field. */
  route: PathParameters<R> extends keyof z.input<I> ? R : never
  expose?: readonly Way[]
  openWorld?: boolean
  upload?: number
  download?: boolean
  subject?: keyof z.output<I> & string
  open?: boolean
  shownOnce?: readonly (keyof z.output<O> & string)[]
  actsOutside?: AnyOperation
  undo?: 'whole' | 'own' | NeverUndone
  input: I
  output: O
  pages?: P
  continuations?: Continuations
  follows?: (input: z.output<I>, output: z.output<O>) => Continuation | null
}): Operation<Name, Pageable<I, P>, Paged<O, P>, E> {
  const { route, expose, openWorld, upload, download, open, shownOnce, actsOutside, input, output, pages, ...rest } =
    declared
  const [method, path] = route.split(' ') as [Method, string]
  return {
    kind: 'operation',
    continuations: {},
    follows: undefined,
    alsoWrites: {},
    ownWrites: {},
    // What administrators do concerns the instance.
    undo: rest.permission === administration ? 'instance' : 'rows',
    ...rest,
    method,
    path,
    expose: expose ?? ['mcp', 'rest'],
    openWorld: openWorld ?? false,
    upload,
    download: download ?? false,
    open: open ?? false,
    shownOnce: shownOnce ?? [],
    actsOutside,
    input: (pages ? input.extend(page) : input).strict(),
    output: pages ? output.extend(pageEnd) : output,
    pages,
  } as unknown as Operation<Name, Pageable<I, P>, Paged<O, P>, E>
}

/** Something that an assistant can read and follow by URI: always the answer of one read operation. */
export interface Resource {
  readonly kind: 'resource'
  /** `trek://…` with `{variables}` that are input fields of `read`. */
  readonly uri: string
  readonly title: string
  readonly description: string
  readonly read: AnyOperation
}

export function resource(declared: Omit<Resource, 'kind'>): Resource {
  for (const [, variable] of declared.uri.matchAll(/\{(\w+)\}/g)) {
    if (!((variable as string) in declared.read.input.shape)) {
      throw new Error(`${declared.uri}: {${variable}} is not an input of ${declared.read.name}`)
    }
  }
  return { kind: 'resource', ...declared }
}

/** A text that the user of an assistant can request by name, written from the answers of read operations. */
export interface Prompt<A extends AnyObject = AnyObject> {
  readonly kind: 'prompt'
  readonly name: string
  readonly title: string
  readonly description: string
  /** Arguments arrive as strings; identifiers are parsed from them. */
  readonly arguments: A
  /** It needs the rights of all of these. */
  readonly reads: readonly AnyOperation[]
}

export const prompt = <A extends AnyObject>(declared: Omit<Prompt<A>, 'kind'>): Prompt<A> => ({
  kind: 'prompt',
  ...declared,
})

/** Why an expected part is missing from an answer. */
export const Omitted = z.object({
  section: z.string(),
  reason: z.string(),
})
