import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'

export const TipProvider = Tooltip.Provider

/** A short text about the wrapped control, on hover and focus. */
export function Tip({ text, children }: { text: string; children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="z-60">
          <Tooltip.Popup className="rounded-sm bg-ink px-2 py-1 text-paper text-xs transition-opacity duration-(--fast) data-ending-style:opacity-0 data-starting-style:opacity-0">
            {text}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
