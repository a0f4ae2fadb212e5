import { FileImage, FileSpreadsheet, FileText, type LucideIcon, ScrollText, Ticket } from 'lucide-react'
import { useState } from 'react'
import { classes } from '../../../ui/design/class-names.ts'
import type { TripFileRow } from '../contract/index.ts'
import { contentOf, hasThumbnail } from './addresses.ts'

const LOOKS: Record<TripFileRow['kind'], { Icon: LucideIcon; hue: string }> = {
  image: { Icon: FileImage, hue: 'nature' },
  pdf: { Icon: ScrollText, hue: 'food' },
  document: { Icon: FileText, hue: 'sight' },
  sheet: { Icon: FileSpreadsheet, hue: 'other' },
  text: { Icon: FileText, hue: 'move' },
  pass: { Icon: Ticket, hue: 'stay' },
}

interface Props {
  file: TripFileRow
  large?: boolean
  className?: string
}

/** The picture of a file, or an icon and colour for its kind. */
export function FileLook({ file, large, className }: Props) {
  const [failed, setFailed] = useState(false)
  const { Icon, hue } = LOOKS[file.kind]
  const colour = `var(--hue-${hue})`
  return (
    <span
      aria-hidden="true"
      className={classes('flex shrink-0 items-center justify-center overflow-hidden', className)}
      style={{ backgroundColor: `color-mix(in srgb, ${colour} 14%, var(--surface))`, color: colour }}
    >
      {hasThumbnail(file) && !failed ? (
        <img
          src={contentOf(file)}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setFailed(true)}
          className="size-full object-cover"
        />
      ) : (
        <Icon size={large ? 36 : 20} strokeWidth={large ? 1.5 : 2} />
      )}
    </span>
  )
}
