import { ListFilter, Plus, Ticket } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longDay } from '../../../ui/dates.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { EmptyState, PageSkeleton } from '../../../ui/design/states.tsx'
import { useSpace } from '../../../ui/live/hooks.tsx'
import { useRemembered } from '../../../ui/remembered.ts'
import { useRights } from '../../admin/web/instance.ts'
import { useDayName } from '../../days/web/day-name.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { isTransport } from '../contract/booking.ts'
import { type Booking, reservation_edit, STATUSES } from '../contract/index.ts'
import { BookingCard } from './booking-card.tsx'
import { BookingDialog } from './booking-dialog.tsx'
import { useBookings, useDays } from './bookings.ts'
import type { BookingDraft } from './use-booking-form.ts'

type Grouping = 'day' | 'status'
type Kind = 'all' | 'transports' | 'stays' | 'others'

const IS: Record<Kind, (booking: Booking) => boolean> = {
  all: () => true,
  transports: ({ type }) => isTransport(type),
  stays: ({ type }) => type === 'hotel',
  others: ({ type }) => !isTransport(type) && type !== 'hotel',
}

/** All bookings: transports, stays, tables and tickets. */
export function BookingsPage() {
  const { t } = useTranslation()
  const { status } = useSpace()
  const bookings = useBookings()
  const mayEdit = useRights(useMyRole())(reservation_edit)
  const [draft, setDraft] = useState<BookingDraft | null>(null)
  const [grouping, setGrouping] = useRemembered<Grouping>('bookings.grouping', 'day')
  const [kind, setKind] = useState<Kind>('all')
  const shown = bookings.filter(IS[kind])
  const groups = useGroups(shown, grouping)
  if (status === 'loading') return <PageSkeleton />
  const add = mayEdit && (
    <Button
      tone="primary"
      icon={<Plus size={17} aria-hidden="true" />}
      onClick={() => setDraft({ booking: null, type: kind === 'stays' ? 'hotel' : 'flight' })}
    >
      {t('bookings.add')}
    </Button>
  )
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-6 px-4 pt-6 pb-20 sm:px-6 sm:pt-10">
      <header className="flex items-center gap-2">
        <h2 className="title flex min-w-0 flex-1 items-center gap-3 text-2xl">
          <Ticket size={24} aria-hidden="true" className="text-pine-ink" />
          {t('bookings.title')}
        </h2>
        {bookings.length > 0 && add}
      </header>
      {bookings.length > 0 ? (
        <>
          <div className="flex flex-wrap items-center gap-3">
            <Segmented
              label={t('bookings.grouping')}
              value={grouping}
              choices={[
                { value: 'day', label: t('bookings.byDay') },
                { value: 'status', label: t('bookings.byStatus') },
              ]}
              onChange={setGrouping}
            />
            <div className="ml-auto flex items-center gap-2 text-ink-faint">
              <ListFilter size={15} aria-hidden="true" />
              <Select
                bare
                label={t('bookings.which')}
                value={kind}
                choices={(['all', 'transports', 'stays', 'others'] as const).map((value) => ({
                  value,
                  label: t(`bookings.show.${value}`),
                }))}
                onChange={setKind}
                className="w-36"
              />
            </div>
          </div>
          {groups.map(({ key, title, list }) => (
            <section key={key} aria-label={title} className="flex flex-col gap-3">
              <h3 className="flex items-baseline gap-2 font-semibold text-ink-soft text-sm">
                {title}
                <span className="figures font-normal text-ink-faint">{list.length}</span>
              </h3>
              <ul className="flex flex-col gap-3">
                {list.map((booking) => (
                  <BookingCard
                    key={booking.id}
                    booking={booking}
                    mayEdit={mayEdit}
                    onEdit={() => setDraft({ booking })}
                  />
                ))}
              </ul>
            </section>
          ))}
          {groups.length === 0 && <EmptyState compact title={t('bookings.noneOfKind')} />}
        </>
      ) : (
        <EmptyState title={t('bookings.emptyTitle')} action={add}>
          {t('bookings.emptyBody')}
        </EmptyState>
      )}
      <BookingDialog draft={draft} onClose={() => setDraft(null)} />
    </div>
  )
}

interface Group {
  readonly key: string
  readonly title: string
  readonly list: readonly Booking[]
}

/** The bookings by day, those without a day last; or by status, those that need action first. */
function useGroups(bookings: readonly Booking[], grouping: Grouping): Group[] {
  const { t } = useTranslation()
  const days = useDays()
  const dayName = useDayName()
  const groups =
    grouping === 'day'
      ? [
          ...days.map((day) => ({
            key: `day${day.id}`,
            title: day.date ? longDay(day.date) : dayName(day),
            list: bookings.filter((booking) => booking.day_id === day.id),
          })),
          { key: 'none', title: t('bookings.onNoDay'), list: bookings.filter((booking) => booking.day_id === null) },
        ]
      : STATUSES.map((status) => ({
          key: status,
          title: t(`bookings.group.${status}`),
          list: bookings.filter((booking) => booking.status === status),
        }))
  return groups.filter(({ list }) => list.length > 0)
}
