import { ExternalLink, History, MapPin, Pencil, Phone, Trash2, X } from 'lucide-react'
import { type ComponentType, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import { language } from '../../../ui/i18n.ts'
import { listOf } from '../../../ui/message.ts'
import { useStopActions } from '../../assignments/web/stop-actions.ts'
import { useDayName } from '../../days/web/day-name.ts'
import { useRowHistory } from '../../history/web/row-history.tsx'
import type { PlaceRow, PlannedStop } from '../../plan/web/plan.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { Place } from '../contract/index.ts'
import { CategoryDot } from './category-dot.tsx'
import { categoryName } from './category-name.ts'
import { useDeletePlace } from './delete-place.ts'
import { TagChips } from './tag-chip.tsx'
import { useTags } from './tags.ts'

interface Props {
  onEdit(place: PlaceRow): void
  /** The component for the visit, when the place was opened from a day. */
  Visit: ComponentType<{ visit: PlannedStop }>
  /** Inside a sheet, which closes by itself. */
  bare?: boolean
}

/** The open place, and the visit if it was opened from a day. */
export function PlaceCard({ onEdit, Visit, bare }: Props) {
  const { t } = useTranslation()
  const heading = useId()
  const { places, plan, categories, focus, setFocus, rights } = usePlanner()
  const { assign } = useStopActions()
  const showHistory = useRowHistory()
  const deletePlace = useDeletePlace()
  const { tagsOf } = useTags()
  const dayName = useDayName()
  const place = places.find(({ id }) => id === focus?.placeId)
  if (!place || !focus) return null
  const category = place.category_id === null ? undefined : categories.get(place.category_id)
  const visit = plan.flatMap(({ stops }) => stops).find(({ stop }) => stop.id === focus.stopId)
  const onDays = plan.filter(({ stops }) => stops.some((planned) => planned.place.id === place.id))

  return (
    <section aria-labelledby={heading} className="flex flex-col gap-4">
      <header className="flex items-start gap-3">
        <CategoryDot category={category} size="large" />
        <div className="min-w-0 flex-1">
          <h2 id={heading} className="title text-xl leading-6">
            {place.name}
          </h2>
          <p className="text-ink-soft text-sm">
            {[category && categoryName(t, category), listOf(onDays.map(({ day }) => dayName(day)))]
              .filter(Boolean)
              .join(' · ') || t('places.notPlanned')}
          </p>
        </div>
        {!bare && (
          <IconButton label={t('close')} size="small" className="-mt-1 -mr-1" onClick={() => setFocus(null)}>
            <X size={17} aria-hidden="true" />
          </IconButton>
        )}
      </header>
      <TagChips tags={tagsOf(place.id)} label={t('tags.title')} />
      {place.description && <p className="whitespace-pre-line text-ink-soft">{place.description}</p>}
      {visit && <Visit key={visit.stop.id} visit={visit} />}
      <Facts place={place} />
      {place.notes && (
        <p className="whitespace-pre-line rounded-md border-glow border-l-3 bg-sunken px-3 py-2 text-ink-soft text-sm">
          {place.notes}
        </p>
      )}
      <footer className="flex flex-wrap items-center gap-2">
        {rights.days && (
          <Menu
            align="start"
            trigger={
              <Button size="small" tone="primary">
                {t('places.putOn')}
              </Button>
            }
          >
            {plan.map(({ day }) => (
              <MenuItem key={day.id} onSelect={() => void assign(place.id, day.id)}>
                {dayName(day)}
                {day.title && <span className="truncate text-ink-faint">{day.title}</span>}
              </MenuItem>
            ))}
          </Menu>
        )}
        {rights.places && (
          <Button size="small" icon={<Pencil size={14} aria-hidden="true" />} onClick={() => onEdit(place)}>
            {t('edit')}
          </Button>
        )}
        <IconButton
          label={t('history.title')}
          size="small"
          className="ml-auto"
          onClick={() => showHistory(Place, place.id, place.name)}
        >
          <History size={16} aria-hidden="true" />
        </IconButton>
        {rights.places && (
          <IconButton
            label={t('places.delete', { name: place.name })}
            size="small"
            onClick={() => void deletePlace(place)}
          >
            <Trash2 size={16} aria-hidden="true" />
          </IconButton>
        )}
      </footer>
    </section>
  )
}

function Facts({ place }: { place: PlaceRow }) {
  const { t } = useTranslation()
  const price =
    place.price === null || !place.currency
      ? null
      : place.price === 0
        ? t('place.free')
        : new Intl.NumberFormat(language(), { style: 'currency', currency: place.currency }).format(place.price)
  const hours = [place.place_time, place.end_time].filter(Boolean).join(' – ')
  const extra = [hours, place.duration_minutes && t('place.stay', { minutes: place.duration_minutes }), price].filter(
    Boolean,
  )
  if (!place.address && !place.website && !place.phone && !extra.length) return null
  return (
    <ul className="flex flex-col gap-1.5 text-ink-soft text-sm">
      {place.address && (
        <li className="flex gap-2">
          <MapPin size={15} aria-hidden="true" className="mt-0.5 shrink-0 text-ink-faint" />
          {place.address}
        </li>
      )}
      {place.website && (
        <li className="flex gap-2">
          <ExternalLink size={15} aria-hidden="true" className="mt-0.5 shrink-0 text-ink-faint" />
          <a
            href={place.website}
            target="_blank"
            rel="noreferrer noopener"
            className="truncate text-pine-ink underline underline-offset-3"
          >
            {new URL(place.website).host}
          </a>
        </li>
      )}
      {place.phone && (
        <li className="flex gap-2">
          <Phone size={15} aria-hidden="true" className="mt-0.5 shrink-0 text-ink-faint" />
          <a href={`tel:${place.phone}`} className="hover:underline">
            {place.phone}
          </a>
        </li>
      )}
      {extra.length > 0 && <li className="figures pl-[1.4375rem]">{extra.join(' · ')}</li>}
    </ul>
  )
}
