import { RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError } from '../call.ts'
import { isMissingPart, useReloadWhenBack } from '../missing-part.ts'
import { Button } from './button.tsx'
import { classes } from './class-names.ts'
import { Contours } from './contours.tsx'

/** A placeholder in the shape of what is loading. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden="true" className={classes('animate-pulse-soft rounded-md bg-hover', className)} />
)

/** A placeholder for a page of cards. */
export const PageSkeleton = () => (
  <div className="mx-auto flex max-w-4xl flex-col gap-3 p-6" aria-busy="true">
    {['a', 'b', 'c', 'd'].map((key) => (
      <Skeleton key={key} className="h-20" />
    ))}
  </div>
)

interface EmptyProps {
  title: string
  children?: ReactNode
  action?: ReactNode
  compact?: boolean
  /** It is the only content of the page, so its title is the title of the page. */
  whole?: boolean
}

/** An empty state, with what to do next. */
export function EmptyState({ title, children, action, compact, whole }: EmptyProps) {
  const Title = whole ? 'h1' : 'h2'
  return (
    <div
      className={classes('flex flex-col items-center text-center', compact ? 'gap-2 px-4 py-8' : 'gap-3 px-6 py-16')}
    >
      {!compact && <Contours seed={7} className="mb-2 h-24 w-40 text-line-strong opacity-70" />}
      <Title className={classes('title', compact ? 'text-lg' : 'text-2xl')}>{title}</Title>
      {children && <p className="max-w-sm text-base text-ink-soft">{children}</p>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  )
}

/** Loading failed; shows why and offers a retry. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const callError = error instanceof CallError ? error : null
  const isMissing = isMissingPart(error)
  useReloadWhenBack(isMissing)
  const title =
    callError?.code === 'unreachable'
      ? t('error.unreachable')
      : (callError?.message ?? t(isMissing ? 'error.missingPart' : 'error.unexpected'))
  const hint =
    callError?.code === 'unreachable'
      ? t('error.unreachableHint')
      : isMissing
        ? t('error.missingPartHint')
        : callError?.hint
  const retry = isMissing ? () => location.reload() : onRetry
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-16 text-center">
      <span className="mb-1 block h-1 w-10 rounded-full bg-signal" aria-hidden="true" />
      <h2 className="title text-2xl">{title}</h2>
      <p className="max-w-sm text-ink-soft">{hint}</p>
      {retry && (
        <Button icon={<RotateCw size={16} aria-hidden="true" />} onClick={retry} className="mt-2">
          {t('retry')}
        </Button>
      )}
    </div>
  )
}
