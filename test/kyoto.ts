import type { Tool } from './assistant.ts'

/** The week in Kyoto, 5 to 11 April 2027, as an assistant would plan it for two: real places with their coordinates. */

interface Visit {
  name: string
  lat: number
  lng: number
  category: string
  from: string
  to: string
  price?: number
}

interface Day {
  title: string
  note: { text: string; time?: string; icon: string }
  visits: Visit[]
}

const at = (
  name: string,
  lat: number,
  lng: number,
  category: string,
  from: string,
  to: string,
  price?: number,
): Visit => ({
  name,
  lat,
  lng,
  category,
  from,
  to,
  ...(price !== undefined && { price }),
})

export const DATES = { start_date: '2027-04-05', end_date: '2027-04-11' }

export const WEEK: readonly Day[] = [
  {
    title: 'Arrival and lanterns',
    note: {
      text: 'Haruka express from Kansai Airport, 75 minutes. Buy the return tickets too.',
      time: 'Afternoon',
      icon: '🚆',
    },
    visits: [
      at('Kyoto Station', 34.9858, 135.7588, 'Transport', '15:00', '15:30'),
      at('Pontochō', 35.0051, 135.7712, 'Restaurant', '18:30', '20:30'),
    ],
  },
  {
    title: 'Southern Higashiyama',
    note: { text: 'Be at the gate when it opens: the lanes are empty until nine.', time: 'Early', icon: '⏰' },
    visits: [
      at('Kiyomizu-dera', 34.9949, 135.785, 'Attraction', '06:30', '08:30', 500),
      at('Ninenzaka', 34.9981, 135.7809, 'Shopping', '08:45', '10:00'),
      at('Kōdai-ji', 35.0007, 135.7811, 'Attraction', '10:15', '11:30', 600),
      at('Gion Shirakawa', 35.0054, 135.7749, 'Nature', '17:30', '18:30'),
    ],
  },
  {
    title: 'Golden temples',
    note: { text: 'Bus 205 is slow; a taxi between the temples costs about 1,200 yen.', icon: '🚗' },
    visits: [
      at('Kinkaku-ji', 35.0394, 135.7292, 'Attraction', '09:00', '10:15', 500),
      at('Ryōan-ji', 35.0345, 135.7183, 'Attraction', '10:45', '11:45', 600),
      at('Nijō Castle', 35.0142, 135.7481, 'Attraction', '13:30', '15:30', 1300),
    ],
  },
  {
    title: 'Arashiyama',
    note: { text: 'Rent bicycles at the station if it is dry.', time: 'Morning', icon: '🚶' },
    visits: [
      at('Arashiyama Bamboo Grove', 35.0169, 135.6713, 'Nature', '08:00', '09:00'),
      at('Tenryū-ji', 35.0158, 135.6738, 'Attraction', '09:15', '10:45', 500),
      at('Iwatayama Monkey Park', 35.0117, 135.6767, 'Activity', '11:15', '12:45', 600),
    ],
  },
  {
    title: 'Day trip to Nara',
    note: { text: 'Crackers for the deer are sold in the park; hide the map.', icon: '📸' },
    visits: [
      at('Tōdai-ji', 34.689, 135.8398, 'Attraction', '10:00', '11:30', 800),
      at('Kasuga-taisha', 34.6813, 135.8483, 'Attraction', '12:30', '14:00'),
    ],
  },
  {
    title: 'Philosopher’s Path',
    note: { text: 'Full bloom is expected around this day: leave time to sit down.', icon: '❤️' },
    visits: [
      at('Ginkaku-ji', 35.027, 135.7982, 'Attraction', '08:30', '09:45', 500),
      at('Philosopher’s Path', 35.0202, 135.7952, 'Nature', '09:45', '11:15'),
      at('Nanzen-ji', 35.0112, 135.7931, 'Attraction', '11:15', '12:30'),
      at('Nishiki Market', 35.005, 135.7649, 'Shopping', '15:00', '16:30'),
    ],
  },
  {
    title: 'A thousand gates, and home',
    note: {
      text: 'Luggage lockers are on the ground floor; check-out is at eleven.',
      time: 'Before 11:00',
      icon: '🧳',
    },
    visits: [at('Fushimi Inari Taisha', 34.9671, 135.7727, 'Attraction', '07:00', '09:30')],
  },
]

const PACKING = [
  { name: 'Passports', category: 'Documents', quantity: 2 },
  { name: 'Rail vouchers', category: 'Documents' },
  { name: 'Travel insurance card', category: 'Documents' },
  { name: 'Light rain jacket', category: 'Clothing', quantity: 2, bag: 'Suitcase', weight_grams: 350 },
  { name: 'Warm sweater for the evenings', category: 'Clothing', quantity: 2, bag: 'Suitcase', weight_grams: 420 },
  { name: 'T-shirts', category: 'Clothing', quantity: 10, bag: 'Suitcase', weight_grams: 160 },
  { name: 'Shoes that slip off easily', category: 'Clothing', quantity: 2, bag: 'Suitcase', weight_grams: 700 },
  { name: 'Socks without holes', category: 'Clothing', quantity: 14, bag: 'Suitcase', weight_grams: 50 },
  { name: 'Plug adapters, type A', category: 'Electronics', quantity: 2, bag: 'Backpack', weight_grams: 80 },
  { name: 'Power bank', category: 'Electronics', bag: 'Backpack', weight_grams: 350 },
  { name: 'Hay fever tablets', category: 'Health', bag: 'Backpack', weight_grams: 30 },
  { name: 'Blister plasters', category: 'Health', bag: 'Backpack', weight_grams: 20 },
]

const TIPS = `**Getting about**

- An ICOCA card pays for trains, buses and lockers.
- Carry cash: small temples take nothing else.
- Stand on the *right* on escalators here, left in Tokyo.

**Manners**

1. Shoes off wherever the floor is raised.
2. No photographs in the private lanes of Gion.
`

interface Ids {
  tripId: number
  dayIds: number[]
}

/** Plans the whole week with the tools of an assistant; `me` and `friend` share the costs. */
export async function planTheWeek(tool: Tool, { friend }: { friend: { username: string } }): Promise<Ids> {
  const { trip } = await tool<{ trip: { id: number } }>('create_trip', {
    title: 'A week in Kyoto',
    description: 'Cherry blossom, temples and far too much to eat.',
    currency: 'CHF',
    ...DATES,
  })
  const tripId = trip.id
  await tool('add_trip_member', { tripId, identifier: friend.username })
  const { days } = await tool<{ days: { id: number }[] }>('get_trip_summary', { tripId })
  const dayIds = days.map(({ id }) => id)
  const { categories } = await tool<{ categories: { id: number; name: string }[] }>('list_categories', {})
  const categoryOf = (name: string) => categories.find((category) => category.name === name)?.id

  for (const [index, { title, note, visits }] of WEEK.entries()) {
    const dayId = dayIds[index]
    await tool('update_day', { tripId, dayId, title })
    await tool('create_day_note', { tripId, dayId, ...note })
    for (const { from, to, category, price, ...where } of visits) {
      const { assignment } = await tool<{ assignment: { id: number } }>('create_and_assign_place', {
        tripId,
        dayId,
        ...where,
        category_id: categoryOf(category),
        ...(price !== undefined && { price, currency: 'JPY' }),
      })
      await tool('update_assignment_time', { tripId, assignmentId: assignment.id, place_time: from, end_time: to })
    }
  }

  await bookTheWeek(tool, { tripId, dayIds }, categoryOf)
  await payForTheWeek(tool, tripId)
  await tool('bulk_import_packing', { tripId, items: PACKING })
  await tool('create_collab_note', { tripId, title: 'Practical tips', content: TIPS, category: 'Tips', pinned: true })
  await tool('create_todo', { tripId, name: 'Reserve seats on the Haruka', due_date: '2027-03-20', priority: 1 })
  await tool('create_todo', { tripId, name: 'Tell the bank about Japan', due_date: '2027-03-25', priority: 3 })
  await tool('create_todo', { tripId, name: 'Download offline maps', category: 'Phones' })
  await tool('create_collab_poll', {
    tripId,
    question: 'Tea ceremony or cooking class?',
    options: ['Tea', 'Cooking', 'Both'],
  })
  await tool('send_collab_message', { tripId, text: 'Everything is planned. Have a look at the Nara day, please.' })
  await tool('mark_country_visited', { country_code: 'JP' })
  return { tripId, dayIds }
}

async function bookTheWeek(tool: Tool, { tripId, dayIds }: Ids, categoryOf: (name: string) => number | undefined) {
  const { place } = await tool<{ place: { id: number } }>('create_place', {
    tripId,
    name: 'Hotel Kanra Kyoto',
    lat: 34.9924,
    lng: 135.7597,
    address: '190 Kitamachi, Shimogyō-ku, Kyoto',
    category_id: categoryOf('Hotel'),
  })
  const { reservation } = await tool<{ reservation: { id: number } }>('create_reservation', {
    tripId,
    title: 'Hotel Kanra Kyoto',
    type: 'hotel',
    place_id: place.id,
    start_day_id: dayIds[0],
    end_day_id: dayIds[6],
    check_in: '15:00',
    check_out: '11:00',
    confirmation_number: 'KNR-48213',
  })
  await tool('update_reservation', { tripId, reservationId: reservation.id, status: 'confirmed' })
  await tool('create_transport', {
    tripId,
    type: 'flight',
    title: 'Zürich to Osaka',
    status: 'confirmed',
    start_day_id: dayIds[0],
    confirmation_number: 'LX7QPD',
    metadata: { airline: 'Swiss', flight_number: 'LX160' },
    endpoints: [
      { role: 'from', sequence: 0, name: 'Zürich', code: 'ZRH', local_date: '2027-04-04', local_time: '13:00' },
      { role: 'to', sequence: 1, name: 'Osaka Kansai', code: 'KIX', local_date: '2027-04-05', local_time: '09:40' },
    ],
  })
  await tool('create_reservation', {
    tripId,
    title: 'Dinner at Giro Giro Hitoshina',
    type: 'restaurant',
    reservation_time: '2027-04-06T19:00',
    location: '420-7 Nanba-chō, Shimogyō-ku',
    confirmation_number: 'GG-0604',
    day_id: dayIds[1],
  })
  await tool('create_reservation', {
    tripId,
    title: 'Yudōfu lunch at Shigetsu',
    type: 'restaurant',
    reservation_time: '2027-04-08T12:00',
    location: 'Tenryū-ji, Arashiyama',
    day_id: dayIds[3],
  })
}

async function payForTheWeek(tool: Tool, tripId: number): Promise<void> {
  const { owner, members } = await tool<{ owner: { user_id: number }; members: { user_id: number }[] }>(
    'list_trip_members',
    { tripId },
  )
  const friend = members[0]?.user_id as number
  const costs = [
    { name: 'Flights', category: 'flights', total_price: 1780, by: owner.user_id },
    { name: 'Hotel, six nights', category: 'accommodation', total_price: 1134.5, by: friend },
    { name: 'Haruka and Nara trains', category: 'transport', total_price: 86.4, by: owner.user_id },
    { name: 'Dinner at Giro Giro', category: 'food', total_price: 96, by: friend },
    { name: 'Temples and gardens', category: 'sightseeing', total_price: 73.25, by: owner.user_id },
    { name: 'Eating for a week', category: 'food', total_price: 420, by: friend },
  ]
  for (const { by, ...cost } of costs) {
    await tool('create_budget_item', {
      tripId,
      ...cost,
      currency: 'EUR',
      payers: [{ user_id: by, amount: cost.total_price }],
    })
  }
}
