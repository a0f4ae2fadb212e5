import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Skeleton } from '../../../ui/design/states.tsx'
import type { OlderPages } from './use-chat.ts'

/** What is above the loaded messages: a button for earlier ones, or how loading them goes. */
export function Older({ state, load }: OlderPages) {
  const { t } = useTranslation()
  if (state === 'none') return null
  if (state === 'loading') {
    return (
      <div role="status" className="flex flex-col gap-3 py-3">
        <span className="sr-only">{t('loading')}</span>
        <Skeleton className="h-10 w-3/5 rounded-lg" />
        <Skeleton className="h-10 w-2/5 self-end rounded-lg" />
      </div>
    )
  }
  return (
    <div className="flex flex-col items-center gap-2 py-3">
      {state === 'failed' && (
        <p role="alert" className="text-sm text-signal-ink">
          {t('together.olderFailed')}
        </p>
      )}
      <Button size="small" onClick={load}>
        {state === 'failed' ? t('retry') : t('together.older')}
      </Button>
    </div>
  )
}
