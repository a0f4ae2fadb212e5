import { Dialog as Primitive } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { classes } from './class-names.ts'
import { IconButton } from './icon-button.tsx'
import { backdropClass } from './popup.ts'

interface Props {
  open: boolean
  onClose(): void
  title: string
  description?: ReactNode
  children: ReactNode
  wide?: boolean
  /** A click outside does not close it, because input would be lost. */
  firm?: boolean
}

/** Fields for text: a key pressed by mistake must not tick a box. */
const WRITTEN = 'input:not([type=checkbox], [type=radio], [type=hidden], [type=file]), textarea'

/**
 * The element that gets the focus when a dialog opens: the one that has it already, or the first text field. On a touch screen
 * a text field would open the keyboard over the dialog, so there it is the default element.
 */
function firstFocus(content: HTMLElement | null, openedBy: string): HTMLElement | true {
  const focused = document.activeElement
  if (focused instanceof HTMLElement && content?.contains(focused)) return focused
  return (openedBy !== 'touch' && content?.querySelector<HTMLElement>(WRITTEN)) || true
}

/** A task to finish before going on. On a phone it slides up from the bottom at full width. */
export function Dialog({ open, onClose, title, description, children, wide, firm }: Props) {
  const { t } = useTranslation()
  const content = useRef<HTMLDivElement>(null)
  const isTyped = useRef(false)
  const [asking, setAsking] = useState(false)
  useEffect(() => {
    if (!open) isTyped.current = false
  }, [open])
  const onInput = ({ target }: FormEvent) => {
    if (target instanceof Element && target.closest('form')) isTyped.current = true
  }

  function onOpenChange(next: boolean, { reason }: Primitive.Root.ChangeEventDetails) {
    if (next) return
    if (isTyped.current && (reason === 'escape-key' || reason === 'outside-press')) setAsking(true)
    else onClose()
  }

  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange} disablePointerDismissal={firm ?? false}>
      <Primitive.Portal>
        <Primitive.Backdrop className={backdropClass} />
        <Primitive.Viewport className="fixed inset-0 z-50 flex items-end justify-center overflow-y-auto sm:items-center sm:p-6">
          <Primitive.Popup
            initialFocus={(openedBy) => firstFocus(content.current, openedBy)}
            className={classes(
              'relative flex max-h-[92dvh] w-full flex-col rounded-t-lg border border-line bg-paper shadow-float outline-none transition-[opacity,translate] duration-(--steady) ease-out data-ending-style:translate-y-3 data-starting-style:translate-y-3 data-ending-style:opacity-0 data-starting-style:opacity-0 sm:rounded-lg',
              wide ? 'sm:max-w-2xl' : 'sm:max-w-md',
            )}
          >
            <div className="flex items-start gap-4 px-5 pt-5 pb-3 sm:px-6">
              <div className="min-w-0 flex-1">
                <Primitive.Title className="title text-xl">{title}</Primitive.Title>
                {description && (
                  <Primitive.Description className="mt-1 text-ink-soft text-base">{description}</Primitive.Description>
                )}
              </div>
              <Primitive.Close
                render={
                  <IconButton
                    label={t('close')}
                    size="small"
                    className="-mt-0.5 -mr-2 max-sm:size-11 pointer-coarse:size-11"
                  >
                    <X size={18} aria-hidden="true" />
                  </IconButton>
                }
              />
            </div>
            <div ref={content} onInput={onInput} className="min-h-0 overflow-y-auto px-5 pt-1 pb-6 sm:px-6">
              {children}
            </div>
            <Discard
              open={asking}
              onKeep={() => setAsking(false)}
              onDiscard={() => {
                setAsking(false)
                onClose()
              }}
            />
          </Primitive.Popup>
        </Primitive.Viewport>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** Asks before what was typed is lost by a key or a click beside the dialog. */
function Discard({ open, onKeep, onDiscard }: { open: boolean; onKeep(): void; onDiscard(): void }) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onKeep} title={t('discard.title')}>
      <p className="text-ink-soft">{t('discard.body')}</p>
      <DialogActions>
        <Button onClick={onKeep}>{t('discard.keep')}</Button>
        <Button tone="danger" onClick={onDiscard}>
          {t('discard.do')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** The buttons of a dialog, the most likely one last. */
export const DialogActions = ({ children }: { children: ReactNode }) => (
  <div className="mt-6 flex flex-wrap items-center justify-end gap-2">{children}</div>
)
