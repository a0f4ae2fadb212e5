import { createContext, type ReactNode, use, useCallback, useState } from 'react'

/** Renders a dialog. After closing it is rendered with `open` false, so that it can animate out. */
type Draw = (dialog: { readonly open: boolean; onClose(): void }) => ReactNode

const HostContext = createContext<((draw: Draw) => void) | null>(null)

/**
 * Holds the dialog that a row has opened. It outlives the row: if somebody else moves the row to another group
 * meanwhile, typed text stays.
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

/** Opens a dialog that stays open even if the component that opened it unmounts. */
export function useDialog(): (draw: Draw) => void {
  const show = use(HostContext)
  if (!show) throw new Error('There is no host for dialogs above this component')
  return show
}
