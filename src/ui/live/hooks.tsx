import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import type { AnyEntity, Row } from '../../core/declare/entity.ts'
import { addressOf } from '../base-path.ts'
import type { Present, Ref } from './frames.ts'
import { type Line, Live } from './live.ts'
import { type Glow, SpaceRows, type Status } from './space-rows.ts'

const LiveContext = createContext<Live | null>(null)
const SpaceContext = createContext<{ ref: Ref; rows: SpaceRows } | null>(null)

const openSocket = (): Line => new WebSocket(addressOf('/ws').replace(/^http/, 'ws')) as unknown as Line

interface LiveProps {
  me: number
  onLoggedOut(): void
  onDoubt(): void
  onReset(): void
  children: ReactNode
}

/** Holds the live connection of the logged-in person. */
export function LiveProvider({ me, onLoggedOut, onDoubt, onReset, children }: LiveProps) {
  const live = useMemo(() => new Live(openSocket, me), [me])
  useEffect(() => {
    live.open()
    return () => live.close()
  }, [live])
  useEffect(() => {
    live.onLoggedOut = onLoggedOut
    live.onDoubt = onDoubt
    live.onReset = onReset
    const wake = () => live.wake()
    window.addEventListener('online', wake)
    document.addEventListener('visibilitychange', wake)
    return () => {
      window.removeEventListener('online', wake)
      document.removeEventListener('visibilitychange', wake)
    }
  }, [live, onLoggedOut, onDoubt, onReset])
  return <LiveContext value={live}>{children}</LiveContext>
}

export function useLive(): Live {
  const live = use(LiveContext)
  if (!live) throw new Error('There is no live connection above this component')
  return live
}

/** Follows a space for all components below. */
export function SpaceProvider({ space, id, children }: Ref & { children: ReactNode }) {
  const live = useLive()
  const ref = useMemo(() => ({ space, id }), [space, id])
  const spaceRows = useSyncExternalStore(
    useMemo(
      () => (onChange: () => void) => {
        live.follow(ref)
        onChange()
        return () => live.leave(ref)
      },
      [live, ref],
    ),
    () => live.at(ref),
  )
  const value = useMemo(() => ({ ref, rows: spaceRows ?? new SpaceRows() }), [ref, spaceRows])
  return <SpaceContext value={value}>{children}</SpaceContext>
}

/** The space that the nearest SpaceProvider follows. */
export function useSpaceRows(): SpaceRows {
  const space = use(SpaceContext)
  if (!space) throw new Error('There is no space above this component')
  return space.rows
}

/** The current base of a write, from `SpaceRows.base`; only if its input concerns the surrounding space. */
export function useBase(): (input: object) => string | undefined {
  const space = use(SpaceContext)
  return useCallback(
    (input) => {
      const { ref, rows } = space ?? {}
      return ref && (input as Record<string, unknown>)[`${ref.space}Id`] === ref.id ? rows?.base() : undefined
    },
    [space],
  )
}

/** The same base, as of the first render of the component. */
export function useFirstBase(): (input: object) => string | undefined {
  const baseOf = useBase()
  const rows = use(SpaceContext)?.rows
  const [first] = useState(() => rows?.base())
  return (input) => (baseOf(input) === undefined ? undefined : first)
}

interface SpaceState {
  readonly status: Status
  readonly reason: string
  readonly people: readonly Present[]
}

/** The state of the space: whether it is loaded and live, and who else looks at it. */
export function useSpace(): SpaceState {
  const rows = useSpaceRows()
  const listen = useMemo(() => (onChange: () => void) => rows.listen('space', onChange), [rows])
  const status = useSyncExternalStore(listen, () => rows.status)
  const reason = useSyncExternalStore(listen, () => rows.reason)
  const people = useSyncExternalStore(listen, () => rows.people)
  return { status, reason, people }
}

/** All rows of an entity in the space, in no particular order; the same array until one changes. */
export function useRows<E extends AnyEntity>(entity: E): readonly Row<E>[] {
  const rows = useSpaceRows()
  const listen = useMemo(() => (onChange: () => void) => rows.listen(entity.name, onChange), [rows, entity.name])
  return useSyncExternalStore(listen, () => rows.rows(entity.name) as readonly unknown[] as readonly Row<E>[])
}

/** The number of the last change of the space; null until loaded. */
export function useLastChange(): number | null {
  const rows = useSpaceRows()
  const listen = useMemo(() => (onChange: () => void) => rows.listen('change', onChange), [rows])
  return useSyncExternalStore(listen, () => rows.seq)
}

/** Who has just changed this row, if it was somebody else. */
export function useGlow(entity: AnyEntity, id: number): Glow | null {
  const rows = useSpaceRows()
  const listen = useMemo(() => (onChange: () => void) => rows.listen('glow', onChange), [rows])
  return useSyncExternalStore(listen, () => rows.glow(entity.name, id))
}
