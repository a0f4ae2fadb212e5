/** What is said over the live connection. */

export type WireRow = Record<string, unknown> & { id: number }

/** Who made a change, and by which way. */
export interface Author {
  readonly user_id: number
  readonly name: string
  readonly way: 'web' | 'rest' | 'mcp' | 'cli' | 'system'
  readonly client: string | null
}

/** Somebody who is looking at the same space right now: a person, or an assistant working for one. */
export interface Present {
  readonly user_id: number
  readonly name: string
  readonly client: string | null
  readonly way: Author['way']
}

export type Change =
  | { readonly entity: string; readonly action: 'insert' | 'patch'; readonly row: WireRow }
  | { readonly entity: string; readonly action: 'remove'; readonly id: number }

export interface Ref {
  readonly space: string
  readonly id: number
}

export type FromServer =
  | (Ref & {
      readonly type: 'snapshot'
      readonly seq: number
      /** The history that `seq` counts in. */
      readonly epoch: string
      /** Stands for what the person may see; it is handed back when coming back. */
      readonly view: string
      readonly rows: Record<string, WireRow[]>
    })
  | (Ref & { readonly type: 'resumed'; readonly seq: number })
  | (Ref & {
      readonly type: 'changes'
      readonly seq: number
      readonly at: string
      readonly by: Author & { readonly operation: string }
      readonly changes: readonly Change[]
    })
  | (Ref & { readonly type: 'reset' })
  | (Ref & { readonly type: 'presence'; readonly people: readonly Present[] })
  | {
      readonly type: 'error'
      readonly code: string
      readonly message: string
      readonly space?: string
      readonly id?: number
    }
  | { readonly type: 'bye'; readonly reason: string; readonly space?: string; readonly id?: number }

export type ToServer =
  | (Ref & { readonly type: 'subscribe'; readonly seq?: number; readonly epoch?: string; readonly view?: string })
  | (Ref & { readonly type: 'unsubscribe' })
  | (Ref & { readonly type: 'here' })

export const keyOf = ({ space, id }: Ref): string => `${space}:${id}`
