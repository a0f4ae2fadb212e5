import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'

/**
 * The least a server can do for the same requests: node:http, JSON, and one statement on SQLite with the same durability.
 * Nothing is checked, nobody is asked who they are. What we measure is quoted as a multiple of this.
 */
const db = new Sqlite(join(mkdtempSync(join(tmpdir(), 'trek-floor-')), 'floor.db'))
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec('create table rows (id integer primary key, trip_id integer, name text, lat real, lng real)')
const insert = db.prepare('insert into rows (trip_id, name, lat, lng) values (?, ?, ?, ?) returning *')
const list = db.prepare('select * from rows where trip_id = ? limit 20')
for (let row = 0; row < 20; row++) insert.get(0, `Trip ${row}`, 0, 0)

createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    const { id, params } = JSON.parse(body || '{}')
    const found = params?.name === 'create_place' ? insert.get(1, params.arguments.name, 0, 0) : list.all(0)
    const answer = JSON.stringify({ jsonrpc: '2.0', id, result: { structuredContent: found } })
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
    response.end(answer)
  })
}).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'))
