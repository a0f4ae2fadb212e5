import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Skeleton } from '../../../../ui/design/states.tsx'
import type { NumberedPin, Pin } from '../../../../ui/map/pins.ts'
import { CategoryIcon, categoryColour } from '../../../places/web/category-icon.tsx'
import { phaseOn } from '../../../reservations/contract/on-day.ts'
import { bookingsOf } from '../../../reservations/web/public/booked.ts'
import type { PublicTrip } from '../../../sharing/contract/index.ts'
import { waysOf } from '../map/ways.ts'
import { furtherPlaces, type PlannedDay, planOf } from './arrange.ts'
import { PublicDay } from './public-day.tsx'

const TripMap = lazy(async () => ({ default: (await import('../map/trip-map.tsx')).TripMap }))

const WITHOUT_CATEGORY = '#7a7567'

/** The days of a shared trip beside a map of the day being read. */
export function PublicPlan({ trip }: { trip: PublicTrip }) {
  const { t } = useTranslation()
  const plan = useMemo(() => planOf(trip), [trip])
  const [dayId, setDayId] = useState<number | null>(plan[0]?.day.id ?? null)
  const [open, setOpen] = useState<number | null>(null)
  const map = useRef<HTMLDivElement>(null)
  const categories = useMemo(() => new Map((trip.categories ?? []).map((one) => [one.id, one])), [trip.categories])
  const pins = useMemo(
    () =>
      (trip.places ?? []).flatMap(({ id, name, lat, lng, category_id }): Pin[] => {
        if (lat === null || lng === null) return []
        return [{ id, name, lat, lng, colour: categories.get(category_id ?? 0)?.color ?? WITHOUT_CATEGORY }]
      }),
    [trip.places, categories],
  )
  const stops = useMemo(() => {
    const pinById = new Map(pins.map((pin) => [pin.id, pin]))
    return (plan.find(({ day }) => day.id === dayId)?.visits ?? []).flatMap((visit): NumberedPin[] => {
      const pin = pinById.get(visit.place.id)
      return pin ? [{ ...pin, key: String(visit.id), number: visit.number }] : []
    })
  }, [plan, dayId, pins])
  const ways = useMemo(() => {
    const bookings = bookingsOf(trip)
    const onDay = bookings.filter((booking) => dayId !== null && phaseOn(booking, dayId, trip.days ?? []))
    return waysOf(bookings, new Set(onDay.map(({ id }) => id)))
  }, [trip, dayId])
  const further = useMemo(() => furtherPlaces(trip), [trip])
  useDayInSight(plan, setDayId)

  function showOnMap(placeId: number) {
    setOpen(placeId)
    // On a phone the map is above the days; beside them it is already in sight.
    map.current?.scrollIntoView({ block: 'nearest' })
  }

  function goTo(placeId: number) {
    setOpen(placeId)
    const found = plan.flatMap(({ visits }) => visits).find((visit) => visit.place.id === placeId)
    document.getElementById(`visit-${found?.id}`)?.scrollIntoView({ block: 'center' })
  }

  return (
    <div className={pins.length ? 'grid gap-8 lg:grid-cols-[minmax(0,1fr)_26rem]' : undefined}>
      {pins.length > 0 && (
        <div ref={map} className="order-first scroll-mt-16 lg:order-last print:hidden">
          <div className="relative h-72 overflow-hidden rounded-lg border border-line sm:h-96 lg:sticky lg:top-16 lg:h-[calc(100dvh-5.5rem)]">
            <Suspense fallback={<Skeleton className="absolute inset-0 rounded-none" />}>
              <TripMap
                pins={pins}
                stops={stops}
                ways={ways}
                open={open}
                day={dayId}
                onOpen={goTo}
                onStop={(key) => goTo(stops.find((stop) => stop.key === key)?.id ?? 0)}
                onAddAt={() => {}}
              />
            </Suspense>
          </div>
        </div>
      )}
      <div className="flex min-w-0 flex-col gap-4">
        <ol aria-label={t('sharing.days')} className="flex flex-col gap-4">
          {plan.map((planned) => (
            <PublicDay
              key={planned.day.id}
              planned={planned}
              categories={categories}
              chosen={pins.length > 0 && planned.day.id === dayId}
              open={open}
              onOpen={(placeId) => {
                setDayId(planned.day.id)
                showOnMap(placeId)
              }}
            />
          ))}
        </ol>
        {further.length > 0 && (
          <section aria-label={t('sharing.further')} className="break-inside-avoid p-4 sm:px-5">
            <h3 className="title mb-2 text-lg">{t('sharing.further')}</h3>
            <ul className="flex flex-wrap gap-x-5 gap-y-2">
              {further.map((place) => {
                const category = categories.get(place.category_id ?? 0)
                return (
                  <li key={place.id} className="flex max-w-full items-center gap-1.5">
                    <span className="shrink-0" style={{ color: categoryColour(category) }}>
                      <CategoryIcon category={category} size={14} />
                    </span>
                    <button
                      type="button"
                      disabled={place.lat === null}
                      onClick={() => showOnMap(place.id)}
                      className="wrap-anywhere rounded-sm text-left underline-offset-4 enabled:hover:underline"
                    >
                      {place.name}
                    </button>
                  </li>
                )
              })}
            </ul>
          </section>
        )}
      </div>
    </div>
  )
}

/** Chooses the day being read: the last one whose heading has passed the upper part of the window. */
function useDayInSight(plan: readonly PlannedDay[], choose: (dayId: number) => void): void {
  useEffect(() => {
    const watcher = new IntersectionObserver(
      (entries) => {
        const [seen] = entries.filter((entry) => entry.isIntersecting)
        if (seen) choose(Number(seen.target.id.slice('day-'.length)))
      },
      { rootMargin: '-30% 0px -65% 0px' },
    )
    for (const { day } of plan) {
      const element = document.getElementById(`day-${day.id}`)
      if (element) watcher.observe(element)
    }
    return () => watcher.disconnect()
  }, [plan, choose])
}
