import ICAL from 'ical.js'
import nodeIcal from 'node-ical'
import { describe, expect, test } from 'vitest'
import { type CalendarEvent, icsOf } from './ics.ts'

const NOW = '2027-01-01T12:00:00.000Z'

const entry = (more: Partial<CalendarEvent>): CalendarEvent => ({
  id: 'assign-1',
  title: 'Visit',
  start: { date: '2027-04-05', time: '09:30', zone: 'Asia/Tokyo' },
  end: null,
  notes: [],
  ...more,
})

/** The times of an entry in UTC, as two independent parsers read them. */
function readBack(text: string): { start: string; end: string | null }[][] {
  const calendar = new ICAL.Component(ICAL.parse(text))
  // The parser must use the rules in the file, not its own for a zone of this name.
  ICAL.TimezoneService.reset()
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)
  const one = calendar.getAllSubcomponents('vevent').map((component) => {
    const { startDate, endDate } = new ICAL.Event(component)
    return { start: startDate.toJSDate().toISOString(), end: endDate?.toJSDate().toISOString() ?? null }
  })
  const other = Object.values(nodeIcal.sync.parseICS(text)).flatMap((component) =>
    component?.type === 'VEVENT'
      ? [{ start: component.start.toISOString(), end: component.end ? new Date(component.end).toISOString() : null }]
      : [],
  )
  return [one, other]
}

describe('a calendar', () => {
  test.each([
    { zone: 'Asia/Tokyo', date: '2027-04-05', time: '09:30', utc: '2027-04-05T00:30:00.000Z' },
    // The clocks in Zürich go forward on 28 March 2027 and back on 31 October.
    { zone: 'Europe/Zurich', date: '2027-03-27', time: '09:00', utc: '2027-03-27T08:00:00.000Z' },
    { zone: 'Europe/Zurich', date: '2027-03-28', time: '09:00', utc: '2027-03-28T07:00:00.000Z' },
    { zone: 'Europe/Zurich', date: '2027-10-30', time: '09:00', utc: '2027-10-30T07:00:00.000Z' },
    { zone: 'Europe/Zurich', date: '2027-10-31', time: '09:00', utc: '2027-10-31T08:00:00.000Z' },
    // The other direction, an offset of half an hour, and a zone whose clocks go forward by only half an hour.
    { zone: 'America/New_York', date: '2027-03-14', time: '12:00', utc: '2027-03-14T16:00:00.000Z' },
    { zone: 'Asia/Kolkata', date: '2027-07-01', time: '06:00', utc: '2027-07-01T00:30:00.000Z' },
    { zone: 'Australia/Lord_Howe', date: '2027-01-10', time: '11:00', utc: '2027-01-10T00:00:00.000Z' },
  ])('has $time in $zone on $date at the right time in UTC', ({ zone, date, time, utc }) => {
    const text = icsOf('Trip', [entry({ start: { date, time, zone } })], NOW)
    for (const [first] of readBack(text)) expect(first?.start).toBe(utc)
  })

  test('has the landing of a flight in the time zone of its destination', () => {
    const start = { date: '2027-04-04', time: '13:00', zone: 'Europe/Zurich' }
    const end = { date: '2027-04-05', time: '09:40', zone: 'Asia/Tokyo' }
    for (const [flight] of readBack(icsOf('Trip', [entry({ start, end })], NOW))) {
      expect(flight).toEqual({ start: '2027-04-04T11:00:00.000Z', end: '2027-04-05T00:40:00.000Z' })
    }
  })

  test('ends an all-day entry on the day after its last day, as RFC 5545 requires', () => {
    const text = icsOf('Trip', [entry({ start: { date: '2027-04-05' }, end: { date: '2027-04-11' } })], NOW)
    expect(text).toContain('DTSTART;VALUE=DATE:20270405\r\n')
    expect(text).toContain('DTEND;VALUE=DATE:20270412\r\n')
  })

  test('ends a visit on the next day if its end is before its start', () => {
    const start = { date: '2027-04-05', time: '22:00', zone: 'Asia/Tokyo' }
    const text = icsOf('Trip', [entry({ start, end: { ...start, time: '01:00' } })], NOW)
    expect(text).toContain('DTEND;TZID=Asia/Tokyo:20270406T010000\r\n')
  })

  test('writes a time without a zone as local time', () => {
    const text = icsOf('Trip', [entry({ start: { date: '2027-04-05', time: '09:30', zone: null } })], NOW)
    expect(text).toContain('DTSTART:20270405T093000\r\n')
  })

  test('escapes line breaks and commas and folds long texts', () => {
    const title = 'Tea; cake, and\nEND:VEVENT'
    const text = icsOf('Trip', [entry({ title, notes: ['京都'.repeat(200), 'DTSTART:19700101'] })], NOW)
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    const [event] = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
    expect(new ICAL.Event(event as InstanceType<typeof ICAL.Component>).summary).toBe(title)
    expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(1)
    expect(text.match(/^DTSTART;/gm)).toHaveLength(1)
  })

  test('gives an entry the same UID each time, and marks what is not certain', () => {
    const text = icsOf('Trip', [entry({ id: 'res-7', status: 'pending' })], NOW)
    expect(text).toContain('UID:trek-res-7@trek\r\n')
    expect(text).toContain('STATUS:TENTATIVE\r\n')
  })
})
