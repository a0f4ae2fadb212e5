import { Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { buttonClass } from '../../ui/design/button.tsx'
import { PageTitle } from '../../ui/design/page-title.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/design/states.tsx'

export function MissingPage() {
  const { t } = useTranslation()
  return (
    <main className="grid min-h-dvh place-items-center">
      <PageTitle of={[t('missing.title')]} />
      <EmptyState
        whole
        title={t('missing.title')}
        action={
          <Link to="/" className={buttonClass('primary')}>
            {t('missing.back')}
          </Link>
        }
      >
        {t('missing.body')}
      </EmptyState>
    </main>
  )
}

export function FailedPage({ error }: { error: unknown }) {
  const router = useRouter()
  return (
    <main className="grid min-h-dvh place-items-center">
      <ErrorState error={error} onRetry={() => router.invalidate()} />
    </main>
  )
}

export function PendingPage() {
  const { t } = useTranslation()
  return (
    <main className="mx-auto flex max-w-6xl flex-col gap-6 p-6" aria-busy="true" aria-label={t('loading')}>
      <Skeleton className="h-10 w-64" />
      <Skeleton className="h-64" />
      <Skeleton className="h-40" />
    </main>
  )
}
