import { classes } from './class-names.ts'

/** The logo of the product: a path over two ridges, and the name. */
export function Wordmark({ className }: { className?: string }) {
  return (
    <span className={classes('inline-flex items-center gap-2', className)}>
      <svg viewBox="0 0 28 20" className="h-5 w-7" aria-hidden="true" fill="none" strokeLinecap="round">
        <path
          d="M1.5 12.500c3-.6 4-3 6-5.800S11.5 2.5 13.5 2.500s2.6 2 3.8 3.7 2.2 2.8 3.4 3.2"
          stroke="var(--pine-ink)"
          strokeOpacity="0.45"
          strokeWidth="1.5"
        />
        <path
          d="M1.5 17.500c3.5-.4 5.5-2.2 7.2-4.700s3-4.3 4.8-4.3 2 2 3.5 3.9 3.5 4.1 9.5 4.6"
          stroke="var(--pine-ink)"
          strokeWidth="1.9"
        />
        <circle cx="13.5" cy="2.9" r="2.3" fill="var(--signal)" />
      </svg>
      <span className="title text-lg tracking-[0.14em]">TREK</span>
    </span>
  )
}
