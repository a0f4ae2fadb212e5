import { type ReactNode, useState } from 'react'
import { pathOf } from '../../../ui/base-path.ts'
import { classes } from '../../../ui/design/class-names.ts'
import { Contours } from '../../../ui/design/contours.tsx'

const HUES = ['sight', 'nature', 'food', 'stay', 'other', 'shop'] as const

interface Props {
  trip: { id: number; cover_image: string | null }
  className?: string
  children?: ReactNode
}

/** The picture of a trip; without one, a pattern of contour lines of its own. */
export function TripCover({ trip, className, children }: Props) {
  // A picture that cannot be loaded counts as missing.
  const [failed, setFailed] = useState<string | null>(null)
  const hue = `var(--hue-${HUES[trip.id % HUES.length]})`
  return (
    <div
      className={classes('relative overflow-hidden', className)}
      style={{ backgroundColor: `color-mix(in srgb, ${hue} 16%, var(--surface))`, color: hue }}
    >
      {trip.cover_image && trip.cover_image !== failed ? (
        <img
          src={pathOf(trip.cover_image)}
          alt=""
          onError={() => setFailed(trip.cover_image)}
          className="absolute inset-0 size-full object-cover"
        />
      ) : (
        <Contours seed={trip.id * 17 + 5} className="absolute inset-0 size-full opacity-55" />
      )}
      {children}
    </div>
  )
}
