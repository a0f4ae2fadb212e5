import { MapPin, Star, Ticket } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { calendarDay } from '../../../ui/dates.ts'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { TripFile, type TripFileRow } from '../contract/index.ts'
import { contentOf, isPicture } from './addresses.ts'
import { useFileActions } from './file-actions.ts'
import { FileLook } from './file-look.tsx'
import { FileMenu } from './file-menu.tsx'
import { sizeOf } from './sizes.ts'

export interface FileProps {
  file: TripFileRow
  /** Who uploaded it, if still known. */
  who: string | undefined
  /** Its links. */
  links: readonly { key: string; name: string; isPlace: boolean }[]
  may: { readonly edit: boolean; readonly remove: boolean }
  onOpen(): void
  onEdit(): void
}

export function FileRow({ file, who, links, may, onOpen, onEdit }: FileProps) {
  return (
    <Glowing
      entity={TripFile}
      row={file.id}
      className="flex items-center gap-3 rounded-lg px-3 py-2.5 sm:gap-4 sm:px-4"
    >
      <FileLook file={file} className="size-11 rounded-md" />
      <div className="min-w-0 flex-1">
        <OpenFile file={file} onOpen={onOpen} className="block max-w-full truncate font-medium hover:underline" />
        <p className="figures truncate text-ink-faint text-sm">
          {[sizeOf(file.size), calendarDay(file.created_at), who].filter(Boolean).join(' · ')}
        </p>
        {file.description && <p className="line-clamp-2 text-ink-soft text-sm">{file.description}</p>}
        <LinkBadges links={links} />
      </div>
      <StarButton file={file} mayEdit={may.edit} />
      <FileMenu file={file} may={may} onEdit={onEdit} />
    </Glowing>
  )
}

export function FileCard({ file, who, links, may, onOpen, onEdit }: FileProps) {
  return (
    <Glowing
      entity={TripFile}
      row={file.id}
      className="group flex h-full flex-col overflow-hidden rounded-lg border border-line bg-surface transition-[border-color,box-shadow] duration-(--steady) hover:border-line-strong hover:shadow-lift"
    >
      <FileLook file={file} large className="aspect-4/3 w-full" />
      <div className="flex min-w-0 flex-1 items-start gap-1 py-2.5 pr-1.5 pl-3">
        <div className="min-w-0 flex-1">
          <OpenFile
            file={file}
            onOpen={onOpen}
            className="line-clamp-2 wrap-anywhere text-left font-medium after:absolute after:inset-0"
          />
          <p className="figures truncate text-ink-faint text-xs">
            {[sizeOf(file.size), who].filter(Boolean).join(' · ')}
          </p>
          <LinkBadges links={links} />
        </div>
        <FileMenu file={file} may={may} onEdit={onEdit} className="relative z-10" />
      </div>
      <div className="absolute top-2 right-2 z-10 rounded-sm bg-surface/90">
        <StarButton file={file} mayEdit={may.edit} />
      </div>
    </Glowing>
  )
}

/** Pictures open here, other files that browsers can show open in a new tab, and the rest is saved. */
function OpenFile({ file, onOpen, className }: { file: TripFileRow; onOpen(): void; className: string }) {
  const { t } = useTranslation()
  if (isPicture(file)) {
    return (
      <button type="button" onClick={onOpen} className={classes('text-left', className)}>
        {file.name}
      </button>
    )
  }
  const isShown = file.kind === 'pdf' || file.type === 'text/plain'
  return (
    <a
      href={contentOf(file)}
      {...(isShown ? { target: '_blank', rel: 'noopener' } : { download: file.name })}
      className={className}
    >
      {file.name}
      {isShown && <span className="sr-only"> {t('files.newTab')}</span>}
    </a>
  )
}

function StarButton({ file, mayEdit }: { file: TripFileRow; mayEdit: boolean }) {
  const { t } = useTranslation()
  const { star } = useFileActions()
  const label = t(file.starred ? 'files.unstarNamed' : 'files.starNamed', { name: file.name })
  if (!mayEdit) {
    return file.starred ? (
      <span role="img" aria-label={t('files.starred')} className="flex size-8 items-center justify-center text-signal">
        <Star size={16} fill="currentColor" aria-hidden="true" />
      </span>
    ) : null
  }
  return (
    <IconButton label={label} size="small" onClick={() => void star(file)}>
      <Star
        size={16}
        aria-hidden="true"
        fill={file.starred ? 'currentColor' : 'none'}
        className={file.starred ? 'text-signal' : ''}
      />
    </IconButton>
  )
}

function LinkBadges({ links }: Pick<FileProps, 'links'>) {
  if (!links.length) return null
  return (
    <ul className="mt-1 flex flex-wrap gap-1">
      {links.map(({ key, name, isPlace }) => {
        const Icon = isPlace ? MapPin : Ticket
        return (
          <li
            key={key}
            className="flex h-5 max-w-44 items-center gap-1 rounded-full bg-hover px-2 font-medium text-ink-soft text-xs"
          >
            <Icon size={12} aria-hidden="true" className="shrink-0" />
            <span className="truncate">{name}</span>
          </li>
        )
      })}
    </ul>
  )
}
