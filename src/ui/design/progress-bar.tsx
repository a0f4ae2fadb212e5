import { Progress } from '@base-ui/react/progress'
import { classes } from './class-names.ts'

interface Props {
  /** What makes progress, for screen readers. */
  label: string
  /** The part that is done, from 0 to 1; null while that is unknown. */
  part: number | null
  className?: string
}

/** How far something is. */
export const ProgressBar = ({ label, part, className }: Props) => (
  <Progress.Root aria-label={label} value={part === null ? null : Math.round(part * 100)} className={className}>
    <Progress.Track className="h-1.5 overflow-hidden rounded-full bg-hover">
      <Progress.Indicator
        className={classes(
          'h-full rounded-full bg-pine transition-[width] duration-(--steady)',
          part === null && 'w-full animate-pulse-soft opacity-40',
        )}
      />
    </Progress.Track>
  </Progress.Root>
)
