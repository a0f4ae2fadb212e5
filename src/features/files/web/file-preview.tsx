import { Dialog } from '@base-ui/react/dialog'
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { backdropClass } from '../../../ui/design/popup.ts'
import type { TripFileRow } from '../contract/index.ts'
import { contentOf } from './addresses.ts'

interface Props {
  /** The pictures to browse, in the order of the list. */
  pictures: readonly TripFileRow[]
  shown: number | null
  onShow(id: number | null): void
}

/** A picture as large as the window allows; the others are to its left and right. */
export function FilePreview({ pictures, shown, onShow }: Props) {
  const { t } = useTranslation()
  const at = pictures.findIndex(({ id }) => id === shown)
  const picture = pictures[at]
  const go = (step: number) => {
    const next = pictures[(at + step + pictures.length) % pictures.length]
    if (next) onShow(next.id)
  }
  return (
    <Dialog.Root open={picture !== undefined} onOpenChange={(open) => !open && onShow(null)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Popup
          className="fixed inset-0 z-50 flex flex-col bg-paper/97 text-ink outline-none transition-opacity duration-(--steady) data-ending-style:opacity-0 data-starting-style:opacity-0"
          onKeyDown={(event) => {
            if (event.key === 'ArrowLeft') go(-1)
            if (event.key === 'ArrowRight') go(1)
          }}
        >
          <div className="flex h-14 shrink-0 items-center gap-2 px-4">
            <Dialog.Title className="min-w-0 flex-1 truncate font-medium">{picture?.name}</Dialog.Title>
            {picture && (
              <a
                href={contentOf(picture)}
                download={picture.name}
                aria-label={t('files.download')}
                className="flex size-10 items-center justify-center rounded-sm text-ink-soft hover:bg-hover hover:text-ink"
              >
                <Download size={18} aria-hidden="true" />
              </a>
            )}
            <Dialog.Close
              render={
                <IconButton label={t('close')}>
                  <X size={20} aria-hidden="true" />
                </IconButton>
              }
            />
          </div>
          <div className="relative flex min-h-0 flex-1 items-center justify-center px-4 pb-4">
            {picture && (
              <img
                key={picture.id}
                src={contentOf(picture)}
                alt={picture.description ?? picture.name}
                className="max-h-full max-w-full rounded-md object-contain"
              />
            )}
            {pictures.length > 1 && (
              <>
                <IconButton
                  label={t('files.previous')}
                  onClick={() => go(-1)}
                  className="-translate-y-1/2 absolute top-1/2 left-3 border border-line bg-surface shadow-lift"
                >
                  <ChevronLeft size={22} aria-hidden="true" />
                </IconButton>
                <IconButton
                  label={t('files.next')}
                  onClick={() => go(1)}
                  className="-translate-y-1/2 absolute top-1/2 right-3 border border-line bg-surface shadow-lift"
                >
                  <ChevronRight size={22} aria-hidden="true" />
                </IconButton>
              </>
            )}
          </div>
          {picture?.description && (
            <Dialog.Description className="max-h-24 shrink-0 overflow-auto px-4 pb-4 text-center text-ink-soft">
              {picture.description}
            </Dialog.Description>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
