import { createContext, type ReactNode, use, useCallback, useState } from 'react'

/** Draws a dialog. It is drawn with `open` false after it was closed, so that it can go in its own way. */
type Draw = (dialog: { readonly open: boolean; onClose(): void }) => ReactNode

const HostContext = createContext<((draw: Draw) => void) | null>(null)

/**
 * Holds the dialog that a row has opened. It outlives the row: when somebody else moves the row to another heading meanwhile,
 * what was typed stays.
 */
export function DialogHost({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<{ draw: Draw; open: boolean; turn: number } | null>(null)
  const show = useCallback(
    (draw: Draw) => setShown((before) => ({ draw, open: true, turn: (before?.turn ?? 0) + 1 })),
    [],
  )
  const onClose = useCallback(() => setShown((before) => before && { ...before, open: false }), [])
  return (
    <HostContext value={show}>
      {children}
      {shown && <Held key={shown.turn} draw={shown.draw} open={shown.open} onClose={onClose} />}
    </HostContext>
  )
}

const Held = ({ draw, open, onClose }: { draw: Draw; open: boolean; onClose(): void }) => draw({ open, onClose })

/** Opens a dialog that stays open whatever becomes of the component that opened it. */
export function useDialog(): (draw: Draw) => void {
  const show = use(HostContext)
  if (!show) throw new Error('There is no host for dialogs above this component')
  return show
}
