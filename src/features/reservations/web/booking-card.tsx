import {
  Check,
  Copy,
  ExternalLink,
  MapPin,
  MoreHorizontal,
  Pencil,
  StickyNote,
  Trash2,
  TriangleAlert,
} from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../../ui/design/badge.tsx'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuGroup, MenuItem, MenuLine, MenuRadio } from '../../../ui/design/menu.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { language } from '../../../ui/i18n.ts'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { HistoryItem } from '../../history/web/row-history.tsx'
import { usePlanner } from '../../plan/web/planner.tsx'
import { isTransport } from '../contract/booking.ts'
import { type Booking, Reservation, STATUSES } from '../contract/index.ts'
import { useBookingActions } from './booking-actions.ts'
import { usePrice } from './booking-price.tsx'
import { BookingTime, StayTimes } from './booking-time.tsx'
import { detailName } from './booking-values.ts'
import { Journey } from './journey.tsx'
import { TypeIcon, typeHue } from './type-icon.tsx'

interface Props {
  booking: Booking
  mayEdit: boolean
  onEdit(): void
}

/** A booking as a ticket: its kind on the stub, its time and place on the rest. */
export function BookingCard({ booking, mayEdit, onEdit }: Props) {
  const { t } = useTranslation()
  const { type, title, status, accommodation_id } = booking
  const isCancelled = status === 'cancelled'
  return (
    <li>
      <Glowing entity={Reservation} row={booking.id} className="rounded-lg">
        <article
          aria-label={title}
          className={classes(
            'grid grid-cols-[3.25rem_minmax(0,1fr)] rounded-lg border border-line bg-surface shadow-lift sm:grid-cols-[4.5rem_minmax(0,1fr)]',
            isCancelled && 'bg-sunken shadow-none',
          )}
        >
          <Stub booking={booking} />
          <div className="flex min-w-0 flex-col gap-3 p-3.5 pl-4 sm:p-4 sm:pl-5">
            <header className="flex items-start gap-2">
              <div className="min-w-0 flex-1">
                <p className="figures truncate text-ink-faint text-xs">{t(`bookings.type.${type}`)}</p>
                <h4
                  className={classes(
                    'title break-words text-lg leading-6',
                    isCancelled && 'text-ink-faint line-through',
                  )}
                >
                  {title}
                </h4>
              </div>
              <StatusMark booking={booking} mayEdit={mayEdit} />
              {mayEdit && <BookingMenu booking={booking} onEdit={onEdit} />}
            </header>
            {accommodation_id !== null ? (
              <StayTimes booking={booking} />
            ) : isTransport(type) && booking.endpoints.length > 0 ? (
              <Journey booking={booking} />
            ) : (
              <BookingTime booking={booking} />
            )}
            <Details booking={booking} />
          </div>
        </article>
      </Glowing>
    </li>
  )
}

/** The stub of the ticket: the colour and icon of the kind of booking. */
function Stub({ booking: { type, status } }: { booking: Booking }) {
  const hue = status === 'cancelled' ? 'var(--ink-faint)' : typeHue(type)
  return (
    <div
      className="relative flex flex-col items-center justify-start rounded-l-lg border-line-strong/40 border-r border-dashed pt-4 sm:pt-5"
      style={{ color: hue, background: `color-mix(in oklab, ${hue} 11%, transparent)` }}
    >
      <TypeIcon type={type} size={24} />
      <Notch className="-top-px rounded-b-full border-t-0" />
      <Notch className="-bottom-px rounded-t-full border-b-0" />
    </div>
  )
}

/** A notch in the edge of the ticket, at the perforation. */
const Notch = ({ className }: { className: string }) => (
  <span
    aria-hidden="true"
    className={classes('absolute -right-[7px] h-[7px] w-[13px] border border-line bg-paper', className)}
  />
)

/** The status; one click confirms a pending booking. */
function StatusMark({ booking, mayEdit }: { booking: Booking; mayEdit: boolean }) {
  const { t } = useTranslation()
  const { setStatus } = useBookingActions()
  const { status } = booking
  if (status === 'pending' && mayEdit) {
    return (
      <Button
        size="small"
        icon={<Check size={14} aria-hidden="true" />}
        onClick={() => void setStatus(booking, 'confirmed')}
        className="-mt-0.5"
      >
        {t('bookings.confirm')}
      </Button>
    )
  }
  return (
    <span className="pt-1">
      <Badge tone={status === 'confirmed' ? 'pine' : status === 'cancelled' ? 'plain' : 'signal'}>
        {status === 'confirmed' && <Check size={12} aria-hidden="true" />}
        {t(`bookings.status.${status}`)}
      </Badge>
    </span>
  )
}

function BookingMenu({ booking, onEdit }: { booking: Booking; onEdit(): void }) {
  const { t } = useTranslation()
  const { setStatus, remove } = useBookingActions()
  return (
    <Menu
      trigger={
        <IconButton label={t('bookings.menu', { name: booking.title })} size="small" className="-mt-0.5 -mr-1.5">
          <MoreHorizontal size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuItem icon={<Pencil size={16} />} onSelect={onEdit}>
        {t('edit')}
      </MenuItem>
      <MenuLine />
      <MenuGroup label={t('bookings.statusLabel')}>
        <MenuRadio
          value={booking.status}
          choices={STATUSES.map((status) => ({ value: status, label: t(`bookings.status.${status}`) }))}
          onChange={(status) => void setStatus(booking, status)}
        />
      </MenuGroup>
      <MenuLine />
      <HistoryItem entity={Reservation} row={booking.id} title={booking.title} />
      <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => void remove(booking)}>
        {t('delete')}
      </MenuItem>
    </Menu>
  )
}

/** Number, place, price and notes, as far as there are any. */
function Details({ booking }: { booking: Booking }) {
  const { t } = useTranslation()
  const { places, setFocus } = usePlanner()
  const price = usePrice(booking.id)
  const place = places.find(({ id }) => id === booking.place_id)
  const { confirmation_number, location, url, notes, metadata, needs_review } = booking
  const facts = Object.entries(metadata)
  if (!confirmation_number && !place && !location && !url && !notes && !price && !facts.length && !needs_review) {
    return null
  }
  return (
    <div className="flex flex-col gap-2 border-line border-t border-dashed pt-3">
      {needs_review && (
        <p className="flex items-center gap-1.5 font-medium text-signal-ink text-sm">
          <TriangleAlert size={14} aria-hidden="true" />
          {t('bookings.needsReview')}
        </p>
      )}
      <dl className="flex flex-wrap items-start gap-x-6 gap-y-2">
        {confirmation_number && (
          <Fact label={t('bookings.confirmation')}>
            <CopyButton text={confirmation_number} />
          </Fact>
        )}
        {facts.map(([name, value]) => (
          <Fact key={name} label={detailName(t, name)}>
            {value}
          </Fact>
        ))}
        {price && (
          <Fact label={t('bookings.costs')}>
            <span className="figures">
              {new Intl.NumberFormat(language(), { style: 'currency', currency: price.currency }).format(
                price.total_price,
              )}
            </span>
          </Fact>
        )}
        {url && (
          <Fact label={t('bookings.link')}>
            <a
              href={url}
              target="_blank"
              rel="noreferrer noopener"
              className="inline-flex max-w-full items-center gap-1 text-pine-ink underline decoration-pine-ink/40 underline-offset-3 hover:decoration-pine-ink"
            >
              <span className="truncate">{URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : url}</span>
              <ExternalLink size={13} aria-hidden="true" className="shrink-0" />
            </a>
          </Fact>
        )}
      </dl>
      {(place || location) && (
        <p className="flex items-start gap-1.5 text-ink-soft text-sm">
          <MapPin size={14} aria-hidden="true" className="mt-0.5 shrink-0 text-ink-faint" />
          <span className="min-w-0 break-words">
            {place && (
              <button
                type="button"
                onClick={() => setFocus({ placeId: place.id, stopId: null })}
                className="rounded-sm text-left font-medium text-ink hover:underline"
              >
                {place.name}
              </button>
            )}
            {place && (location ?? place.address) && ' · '}
            {location ?? place?.address}
          </span>
        </p>
      )}
      {notes && (
        <p className="flex items-start gap-1.5 text-ink-soft text-sm">
          <StickyNote size={14} aria-hidden="true" className="mt-0.5 shrink-0 text-ink-faint" />
          <span className="min-w-0 whitespace-pre-line break-words">{notes}</span>
        </p>
      )}
    </div>
  )
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="min-w-0 max-w-full">
    <dt className="text-ink-faint text-xs first-letter:uppercase">{label}</dt>
    <dd className="min-w-0 truncate text-base">{children}</dd>
  </div>
)

/** A confirmation number; one click copies it. */
function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation()
  const shown = useRef<HTMLSpanElement>(null)
  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      tell(t('bookings.copied', { text }))
    } catch {
      // Over plain HTTP browsers have no clipboard, so the number is selected, to be copied by hand.
      if (shown.current) getSelection()?.selectAllChildren(shown.current)
    }
  }
  return (
    <button
      type="button"
      onClick={() => void copy()}
      aria-label={t('bookings.copy', { text })}
      className="group/copy -mx-1 inline-flex max-w-full items-center gap-1.5 rounded-sm px-1 font-semibold tracking-wide hover:bg-hover"
    >
      <span ref={shown} className="figures truncate">
        {text}
      </span>
      <Copy size={13} aria-hidden="true" className="shrink-0 text-ink-faint group-hover/copy:text-ink" />
    </button>
  )
}
