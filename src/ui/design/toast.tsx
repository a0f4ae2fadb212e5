import { Toast as Primitive } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { classes } from './class-names.ts'
import { IconButton } from './icon-button.tsx'

const manager = Primitive.createToastManager()

const READING_MS = 6000

/** A button in a notice; the notice closes when it is pressed. */
interface Action {
  readonly label: string
  run(): void
}

/** Shows what has happened, with at most one button. */
export const tell = (title: string, action?: Action): void => show({ title, timeout: READING_MS }, action)

/** Shows an error, with time to read it. */
export const tellTrouble = (title: string, description?: string, action?: Action): void =>
  show({ title, description, type: 'trouble', priority: 'high', timeout: READING_MS * 2 }, action)

function show(notice: Parameters<typeof manager.add>[0], action: Action | undefined): void {
  const id: string = manager.add({
    ...notice,
    ...(action && {
      actionProps: {
        children: action.label,
        onClick: () => {
          manager.close(id)
          action.run()
        },
      },
    }),
  })
}

export function Toasts() {
  const { t } = useTranslation()
  return (
    <Primitive.Provider toastManager={manager} limit={3}>
      <Primitive.Portal>
        <Primitive.Viewport
          aria-label={t('notices')}
          className="fixed right-4 bottom-20 left-4 z-70 mx-auto max-w-sm outline-none md:bottom-6"
        >
          <List />
        </Primitive.Viewport>
      </Primitive.Portal>
    </Primitive.Provider>
  )
}

function List() {
  const { t } = useTranslation()
  const { toasts } = Primitive.useToastManager()
  return toasts.map((toast) => (
    <Primitive.Root
      key={toast.id}
      toast={toast}
      className={classes(
        'absolute right-0 bottom-0 left-0 z-[calc(1000-var(--toast-index))] rounded-md bg-ink text-paper shadow-float transition-[transform,opacity] duration-(--steady) ease-out [transform:translateX(var(--toast-swipe-movement-x))_translateY(calc(var(--toast-offset-y)*-1-var(--toast-index)*8px+var(--toast-swipe-movement-y)))] data-ending-style:opacity-0 data-limited:opacity-0 data-starting-style:opacity-0 data-starting-style:[transform:translateY(12px)]',
        toast.type === 'trouble' && 'border-signal border-l-4',
      )}
    >
      <Primitive.Content className="flex items-center gap-3 py-2 pr-2 pl-4">
        <div className="min-w-0 flex-1 py-1">
          <Primitive.Title className="font-medium text-base" />
          <Primitive.Description className="text-sm opacity-80" />
        </div>
        {toast.actionProps && (
          <Primitive.Action className="h-8 rounded-sm px-3 font-semibold text-base text-paper underline decoration-paper/40 underline-offset-4 hover:decoration-paper" />
        )}
        <Primitive.Close
          render={
            <IconButton label={t('dismiss')} size="small" className="text-paper/70 hover:bg-paper/15 hover:text-paper">
              <X size={16} aria-hidden="true" />
            </IconButton>
          }
        />
      </Primitive.Content>
    </Primitive.Root>
  ))
}
