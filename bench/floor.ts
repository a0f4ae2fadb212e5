import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import Sqlite from 'better-sqlite3'

/**
 * A minimal server for the same calls: `node:http`, JSON and prepared statements on a copy of TREK's database. It looks up the
 * token and the session, reads or writes the same rows with the same durability, and sends the same bytes. It makes no other
 * checks, has no permissions, and publishes no changes.
 *
 * `node bench/floor.ts PORT DATABASE ANSWERS`; ANSWERS is a JSON file with TREK's answer to each call, by name.
 */
const [port, database = '', answersFile = ''] = process.argv.slice(2)
const answers: Record<string, string> = JSON.parse(readFileSync(answersFile, 'utf8'))
const db = new Sqlite(database)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')

const findToken = db.prepare('select id, user_id from static_tokens where hash = ?')
const findSession = db.prepare('select * from mcp_sessions where id = ?')
const listTrips = db.prepare(
  'select trips.* from trips join trip_members on trip_members.trip_id = trips.id where trip_members.user_id = +? order by trips.id desc limit 50',
)
const tablesOfTrips = db
  .prepare(
    `select name from sqlite_schema where type = 'table' and 'trip_id' in (select name from pragma_table_info(sqlite_schema.name))`,
  )
  .pluck()
  .all() as string[]
const ofTrip = tablesOfTrips.map((table) => db.prepare(`select * from ${table} where trip_id = +? order by id`))
const findTrip = db.prepare('select * from trips where id = ?')
const insertPlace = db.prepare(
  `insert into places (trip_id, name, lat, lng, transport_mode, created_at) values (?, ?, ?, ?, 'walking', ?) returning *`,
)
const nextSeq = db.prepare(`update spaces set seq = seq + 1 where space = 'trip' and id = ? returning seq`).pluck()
const insertChange = db.prepare(
  `insert into changes (space, space_id, seq, commit_seq, entity, row_id, action, after, user_id, way, operation, at, commit_id, home_space, home_id)
   values ('trip', ?, ?, ?, 'place', ?, 'insert', ?, ?, 'mcp', 'create_place', ?, ?, 'trip', ?)`,
)

const createPlace = db.transaction((user: number, { tripId, name, lat, lng }: Record<string, unknown>) => {
  const at = new Date().toISOString()
  findTrip.get(tripId)
  const place = insertPlace.get(tripId, name, lat, lng, at) as { id: number }
  const seq = nextSeq.get(tripId)
  insertChange.run(tripId, seq, seq, place.id, JSON.stringify(place), user, at, crypto.randomUUID(), tripId)
  return place
})

function rowsFor(user: number, name: string, args: Record<string, unknown>): unknown {
  if (name === 'create_place') return createPlace.immediate(user, args)
  if (name === 'list_trips') return listTrips.all(user)
  return [findTrip.get(args.tripId), ...ofTrip.map((statement) => statement.all(args.tripId))]
}

/** The answer without a token, which measures the cost of the client and the connection. */
const CONSTANT = '{"jsonrpc":"2.0","id":1,"result":{}}'

function answerTo({ headers }: IncomingMessage, body: string): string {
  const shown = String(headers.authorization ?? '').slice('Bearer '.length)
  if (!shown) return CONSTANT
  const { method, params } = JSON.parse(body) as { method: string; params: { name: string; arguments: object } }
  const hash = createHash('sha256').update(shown).digest('hex')
  const token = findToken.get(hash) as { user_id: number } | undefined
  findSession.get(headers['mcp-session-id'] ?? '')
  if (!token) return ''
  if (method !== 'tools/call') return answers[method] ?? '{}'
  const rows = rowsFor(token.user_id, params.name, params.arguments as Record<string, unknown>)
  // Serializes the rows, as TREK does, but sends TREK's answer, so that the lengths are equal.
  JSON.stringify(rows)
  return answers[params.name] ?? '{}'
}

createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    const answer = answerTo(request, body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) }
    response.writeHead(answer ? 200 : 401, headers).end(answer)
  })
}).listen(Number(port), '127.0.0.1', () => console.log('ready'))
