import { CircleAlert, RotateCw, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { ProgressBar } from '../../../ui/design/progress-bar.tsx'
import { sizeOf } from './sizes.ts'
import type { Sending } from './uploads.ts'

interface Props {
  sendings: readonly Sending[]
  onDismiss(id: number): void
  onRetry(id: number): void
}

/** Running and failed uploads. */
export function UploadList({ sendings, onDismiss, onRetry }: Props) {
  const { t } = useTranslation()
  if (!sendings.length) return null
  return (
    <ul aria-label={t('files.onTheirWay')} className="divide-y divide-line rounded-lg border border-line bg-surface">
      {sendings.map(({ id, file, part, trouble, hopeful }) => (
        <li key={id} className="flex items-center gap-3 px-4 py-2.5">
          {trouble !== null && <CircleAlert size={18} aria-hidden="true" className="shrink-0 text-signal-ink" />}
          <div className="min-w-0 flex-1">
            <p className="flex items-baseline gap-2">
              <span className="truncate font-medium">{file.name}</span>
              <span className="figures shrink-0 text-ink-faint text-xs">{sizeOf(file.size)}</span>
            </p>
            {trouble !== null ? (
              <p role="alert" className="wrap-anywhere text-sm text-signal-ink">
                {trouble}
              </p>
            ) : (
              <ProgressBar label={t('files.uploading', { name: file.name })} part={part} className="mt-1.5" />
            )}
          </div>
          {trouble !== null && hopeful && (
            <IconButton label={t('files.tryAgain', { name: file.name })} size="small" onClick={() => onRetry(id)}>
              <RotateCw size={15} aria-hidden="true" />
            </IconButton>
          )}
          <IconButton
            label={t(trouble === null ? 'files.stop' : 'files.forget', { name: file.name })}
            size="small"
            onClick={() => onDismiss(id)}
          >
            <X size={16} aria-hidden="true" />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}
