import type { Change, FrameAuthor, FromClient, FromServer, Present, WireRow } from '../../transports/live/contract.ts'

export type { Change, FrameAuthor, FromClient, FromServer, Present, WireRow }

/** The space of a frame. */
export interface Ref {
  readonly space: string
  readonly id: number
}

export const keyOf = ({ space, id }: Ref): string => `${space}:${id}`
