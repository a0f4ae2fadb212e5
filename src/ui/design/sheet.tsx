import { Drawer } from '@base-ui/react/drawer'
import type { ReactNode } from 'react'
import { backdropClass } from './popup.ts'

interface Props {
  open: boolean
  onClose(): void
  /** Its title for screen readers; shown if `heading` is absent. */
  title: string
  children: ReactNode
}

/** A panel from the bottom of a phone's screen that closes with a swipe. */
export function Sheet({ open, onClose, title, children }: Props) {
  return (
    <Drawer.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Drawer.Portal>
        <Drawer.Backdrop className={backdropClass} />
        <Drawer.Viewport className="fixed inset-0 z-50 flex items-end">
          <Drawer.Popup className="flex max-h-[86dvh] w-full flex-col rounded-t-xl border-line border-t bg-paper pb-[env(safe-area-inset-bottom)] shadow-float outline-none transition-transform duration-(--steady) ease-out [transform:translateY(var(--drawer-swipe-movement-y))] data-swiping:select-none data-ending-style:[transform:translateY(100%)] data-starting-style:[transform:translateY(100%)]">
            <div className="mx-auto mt-2 h-1 w-10 shrink-0 rounded-full bg-line-strong" aria-hidden="true" />
            <Drawer.Title className="sr-only">{title}</Drawer.Title>
            <Drawer.Content className="min-h-0 overflow-y-auto p-4">{children}</Drawer.Content>
          </Drawer.Popup>
        </Drawer.Viewport>
      </Drawer.Portal>
    </Drawer.Root>
  )
}
