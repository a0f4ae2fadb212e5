import { expect, test } from 'vitest'
import { csvOf, gathered, MOST_EXPORTED } from './exported.ts'
import type { AuditEntry } from './filter.ts'

const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 7,
  at: '2027-04-05T06:07:08.900Z',
  event: 'oauth_refresh',
  title: 'Renew access',
  kind: 'access',
  outcome: 'ok',
  user_id: 3,
  username: 'ana',
  way: 'oauth',
  client: 'Claude',
  grant_id: 'grant:9',
  ip_address: '192.0.2.1',
  count: 1,
  subject: null,
  ...more,
})

test('entries are exported as lines of CSV', async () => {
  expect(await csvOf([entry(), entry({ user_id: null, username: null, client: null })])).toBe(
    '\ufeffid,at,kind,event,title,outcome,user_id,username,way,client,grant_id,ip_address,count,subject\r\n' +
      '7,2027-04-05T06:07:08.900Z,access,oauth_refresh,Renew access,ok,3,ana,oauth,Claude,grant:9,192.0.2.1,1,\r\n' +
      '7,2027-04-05T06:07:08.900Z,access,oauth_refresh,Renew access,ok,,,oauth,,grant:9,192.0.2.1,1,\r\n',
  )
})

test.each([
  ['a, "b"', '"a, ""b"""'],
  ['two\nlines', '"two\nlines"'],
  ['=HYPERLINK("https://evil.example")', '"\'=HYPERLINK(""https://evil.example"")"'],
  ['+1', "'+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['-2', "'-2"],
])('the name %j can neither leave its cell nor act as a formula', async (client, cell) => {
  expect(await csvOf([entry({ client })])).toContain(`,oauth,${cell},grant:9`)
})

test('pages are collected to the end, up to a maximum', async () => {
  const log = (length: number) => Array.from({ length }, (_, index) => entry({ id: length - index }))
  const reading = (entries: AuditEntry[]) => {
    const cursors: (number | undefined)[] = []
    const read = async ({ limit, before = Number.POSITIVE_INFINITY }: { limit: number; before?: number }) => {
      cursors.push(before === Number.POSITIVE_INFINITY ? undefined : before)
      return { entries: entries.filter(({ id }) => id < before).slice(0, limit) }
    }
    return { cursors, read }
  }
  const reader = reading(log(1200))
  expect((await gathered(reader.read)).map(({ id }) => id)).toEqual(log(1200).map(({ id }) => id))
  expect(reader.cursors).toEqual([undefined, 701, 201])
  expect(await gathered(reading(log(MOST_EXPORTED + 600)).read)).toHaveLength(MOST_EXPORTED)
  expect(await gathered(reading([]).read)).toEqual([])
})
