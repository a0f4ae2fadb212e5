import type { ComponentProps } from 'react'
import type { AnyEntity } from '../../core/declare/entity.ts'
import { Avatar } from '../design/avatar.tsx'
import { classes } from '../design/class-names.ts'
import { useAuthorName } from './announcer.tsx'
import type { FrameAuthor } from './frames.ts'
import { useGlow } from './hooks.tsx'

/** Marks who has just changed its element. */
export function AuthorMark({ by, className }: { by: FrameAuthor; className?: string }) {
  const authorName = useAuthorName()
  return (
    <span
      aria-hidden="true"
      className={classes(
        'pointer-events-none flex items-center gap-1.5 rounded-full border border-line bg-surface py-0.5 pr-2.5 pl-0.5 text-ink text-xs shadow-lift',
        className,
      )}
    >
      <Avatar name={by.name} userId={by.user_id} assistant={by.way === 'mcp' ? by.client : null} size="small" />
      <span className="max-w-40 truncate font-medium">{authorName(by)}</span>
    </span>
  )
}

interface Props extends ComponentProps<'div'> {
  entity: AnyEntity
  row: number
}

/** A box that glows once when somebody else has changed its row, and shows who it was. */
export function Glowing({ entity, row, className, children, ...rest }: Props) {
  const glow = useGlow(entity, row)
  return (
    <div {...rest} className={classes('relative', className)}>
      {glow && (
        <>
          <span
            key={glow.turn}
            aria-hidden="true"
            className="pointer-events-none absolute inset-0 animate-glow rounded-[inherit]"
          />
          <AuthorMark by={glow.by} className="-translate-y-1/2 absolute top-1/2 right-2 z-10" />
        </>
      )}
      {children}
    </div>
  )
}
