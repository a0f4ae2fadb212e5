import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { eachDatabase } from '../harness/database/databases.ts'
import { declared } from '../harness/operations.ts'

/** Entities without free text. */
const WITHOUT_TEXT = /^(notification_preference|place_tag|settlement|share_link|visited_country|setting)$/

const entities = [
  ...[...declared.entities.keys()].filter((name) => !WITHOUT_TEXT.test(name)),
  ...['oauth_client', 'oauth_grant', 'static_token', 'user'],
]

const run = promisify(execFile)

eachDatabase((_, place) => {
  test('memory holds nothing of rows that were written and deleted', { timeout: 60_000 }, async () => {
    const file = join(place().folder, 'memory.heapsnapshot')
    const { stdout } = await run(process.execPath, ['test/harness/processes/heap-process.ts', place().target, file])
    const [mark = '', marked = ''] = stdout.split('\n')
    expect(mark).toMatch(/^mark[0-9a-f]{32}$/)
    expect(marked.split(' ').sort()).toEqual(entities.toSorted())
    const { snapshot, strings } = JSON.parse(await readFile(file, 'utf8')) as Snapshot
    expect(snapshot.node_count).toBeGreaterThan(10_000)
    expect(strings.filter((text) => text.includes(mark))).toEqual([])
  })
})

interface Snapshot {
  snapshot: { node_count: number }
  strings: string[]
}
