import { expect, it } from 'vitest'
import { findAirport, searchAirports } from './airports.ts'
import { zoneAt } from './zones.ts'

const codes = (query: string, limit: number) => searchAirports(query, limit).map(({ iata }) => iata)

it('finds an airport by its code, ignoring case', () => {
  const narita = {
    iata: 'NRT',
    name: 'Narita International Airport',
    city: 'Narita',
    country: 'JP',
    lat: 35.7732,
    lng: 140.3874,
    timezone: 'Asia/Tokyo',
  }
  expect(findAirport('NRT')).toEqual(narita)
  expect(findAirport('nrt')).toEqual(narita)
  for (const unknownCode of ['', 'N', 'XQQ', 'NRTX', 'N\tT', 'N T']) expect(findAirport(unknownCode)).toBeNull()
})

it('finds airports by town, metropolis, name, code and country, busiest first', () => {
  expect(codes('tokyo', 2)).toEqual(['HND', 'NRT'])
  expect(codes('kix', 1)).toEqual(['KIX'])
  expect(codes('LON', 4).sort()).toEqual(['LCY', 'LGW', 'LHR', 'STN'])
  expect(codes('london heathrow', 5)).toEqual(['LHR'])
  expect(codes('Zürich', 1)).toEqual(codes('zurich', 1))
  expect(codes('sao paulo', 2)).toEqual(['CGH', 'GRU'])
  expect(codes('iceland', 1)).toEqual(['KEF'])
  expect(codes('  ', 5)).toEqual([])
  expect(codes('no such airport', 5)).toEqual([])
})

it('has a valid position and time zone for every airport', () => {
  for (const airport of searchAirports('a', 20_000)) {
    expect(Math.abs(airport.lat) <= 90 && Math.abs(airport.lng) <= 180, airport.iata).toBe(true)
    expect(() => new Intl.DateTimeFormat('en', { timeZone: airport.timezone }), airport.timezone).not.toThrow()
  }
})

it('finds the time zone of a position', () => {
  expect(zoneAt(35.68, 139.76)).toBe('Asia/Tokyo')
  expect(zoneAt(48.14, 11.58)).toBe('Europe/Berlin')
  expect(zoneAt(0, -30)).toBe('Etc/GMT+2')
})
