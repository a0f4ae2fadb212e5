/** A fault that somebody could make in one place, and the suites of which at least one must then fail. */
export interface PlantedFault {
  /** What goes wrong for whoever uses the product. */
  readonly breaks: string
  readonly file: string
  /** Occurs once in the file. */
  readonly find: string
  readonly replace: string
  readonly caughtBy: readonly string[]
}

/** The text of the file with the fault in it. */
export function planted(text: string, { file, find, replace }: PlantedFault): string {
  if (text.split(find).length !== 2) throw new Error(`${file} must have this once: ${find}`)
  return text.replace(find, () => replace)
}

const PIPELINE = 'src/core/run/pipeline.test.ts'
const FEED = 'src/core/data/feed.test.ts'
const ONCE = 'src/core/run/once.test.ts'
const SHARING = 'src/features/sharing/server/sharing.test.ts'
const HOSTS = 'src/transports/http/host-and-origin.test.ts'

export const FAULTS: readonly PlantedFault[] = [
  {
    breaks: 'a viewer can change a space',
    file: 'src/core/run/steps.ts',
    find: "operation.effect !== 'read' && member.role === 'viewer'",
    replace: 'false',
    caughtBy: [PIPELINE],
  },
  {
    breaks: 'an operation runs without its scope',
    file: 'src/core/run/steps.ts',
    find: '  if (missing) {',
    replace: '  if (!operation && missing) {',
    caughtBy: [PIPELINE],
  },
  {
    breaks: 'demo mode can be written to',
    file: 'src/core/run/steps.ts',
    find: "operation.effect !== 'read' && caller.readOnly",
    replace: 'operation === null && caller.readOnly',
    caughtBy: [PIPELINE, 'src/identity/server/oauth/attacks/demo.test.ts'],
  },
  {
    breaks: 'what is written is not told to open screens',
    file: 'src/core/run/steps.ts',
    find: 'for (const batch of batches) parts.feed.publish(batch)',
    replace: 'for (const _ of batches) parts.feed.tap(() => {})()',
    caughtBy: ['src/transports/live/following.test.ts'],
  },
  {
    breaks: 'a write that is sent again is done twice',
    file: 'src/core/run/steps.ts',
    find: 'const before = await tx.reserveCall(key, begun(run, run.commit.id))',
    replace: 'const before = (await tx.reserveCall(key, begun(run, run.commit.id))) && null',
    caughtBy: [ONCE],
  },
  {
    breaks: 'what is shown once is kept with the answer',
    file: 'src/core/run/once.ts',
    find: "typeof value === 'string' && secrets.has(value)",
    replace: "typeof value === 'number' && secrets.has(value)",
    caughtBy: [ONCE],
  },
  {
    breaks: 'a program that is started anew gets the lost answer of the one before',
    file: 'src/core/run/lost.ts',
    find: 'order > lost.order',
    replace: 'order >= lost.order',
    caughtBy: [ONCE],
  },
  {
    breaks: 'a write overwrites what its author has not seen',
    file: 'src/core/run/base.ts',
    find: 'if (!overlapping.length) return written',
    replace: 'if (overlapping.length >= 0) return written',
    caughtBy: ['src/core/run/base.test.ts'],
  },
  {
    breaks: 'a member hears of the change of a row that they cannot see',
    file: 'src/core/data/visibility.ts',
    find: 'const could = before !== null && (!canSee || canSee(before as never, viewer))',
    replace: 'const could = before !== null',
    caughtBy: ['src/transports/live/following.test.ts'],
  },
  {
    breaks: 'a gap in the live events is not filled',
    file: 'src/core/data/feed.ts',
    find: '} else if (follower.seq < before) {',
    replace: '} else if (follower.seq < before - 1_000_000) {',
    caughtBy: [FEED],
  },
  {
    breaks: 'a screen goes on after the database was restored, with rows of another history',
    file: 'src/core/data/feed.ts',
    find: 'since.epoch !== epoch || ',
    replace: '',
    caughtBy: ['test/chaos/restore.test.ts'],
  },
  {
    breaks: 'half of what was written together is told by itself',
    file: 'src/db/changes.ts',
    find: 'commit_seq: last }',
    replace: 'commit_seq: last + row.seq }',
    caughtBy: [FEED, 'src/db/transactions.test.ts'],
  },
  {
    breaks: 'a deletion is not in the change log',
    file: 'src/db/transactions.ts',
    find: "this.#remember(entity, 'remove', before, null)",
    replace: "if (!entity) this.#remember(entity, 'remove', before, null)",
    caughtBy: ['src/transports/live/following.test.ts'],
  },
  {
    breaks: 'a new member does not hear that they are one',
    file: 'src/db/transactions.ts',
    find: 'if (entity.also) push(',
    replace: 'if (entity.also && !entity) push(',
    caughtBy: ['src/transports/live/view.test.ts'],
  },
  {
    breaks: 'the app does not know its own write again',
    file: 'src/core/data/commit.ts',
    find: 'id !== undefined && isUuid(id) ? id : newUuid()',
    replace: 'id === null ? id : newUuid()',
    caughtBy: ['src/db/changes.test.ts'],
  },
  {
    breaks: 'a row that was just typed vanishes when another device adds one',
    file: 'src/ui/live/space-rows.ts',
    find: 'overlay.commit !== commit',
    replace: "overlay.commit !== commit && overlay.guess.action !== 'insert'",
    caughtBy: ['src/ui/live/live.test.ts'],
  },
  {
    breaks: 'booleans come out of SQLite as numbers',
    file: 'src/core/data/storage.ts',
    find: 'toWire: (value) => Boolean(value)',
    replace: 'toWire: (value) => value',
    caughtBy: [PIPELINE],
  },
  {
    breaks: 'an amount that the currency cannot hold is rounded in silence',
    file: 'src/core/data/storage.ts',
    find: '> 1e-9 * Math.max(1, amount)',
    replace: '> 1',
    caughtBy: [PIPELINE, 'src/features/budget/server/money.test.ts'],
  },
  {
    breaks: 'a page of a list begins with the last row of the page before',
    file: 'src/core/run/paging.ts',
    find: 'at >= 0 ? at + 1',
    replace: 'at >= 0 ? at',
    caughtBy: ['src/core/run/paging.test.ts'],
  },
  {
    breaks: 'every process runs the jobs',
    file: 'src/core/run/jobs.ts',
    find: 'if (!(await lease.hold())) return false',
    replace: 'await lease.hold()',
    caughtBy: ['src/core/run/jobs.test.ts'],
  },
  {
    breaks: 'a shared packing item is seen by everybody',
    file: 'src/features/packing/server/access.ts',
    find: "item.visibility === 'shared' && item.shared_with.includes(userId)",
    replace: "item.visibility === 'shared'",
    caughtBy: ['src/features/packing/server/packing.test.ts'],
  },
  {
    breaks: 'debts are settled with more payments than needed',
    file: 'src/features/budget/server/settle.ts',
    find: 'best + (sums[set] === 0 ? 1 : 0)',
    replace: 'best',
    caughtBy: ['src/features/budget/server/money.test.ts'],
  },
  {
    breaks: 'something is put on the wrong side of its neighbour',
    file: 'src/features/plan/contract/timeline.ts',
    find: 'return last < 0 ? null : last + 1',
    replace: 'return last < 0 ? null : last',
    caughtBy: ['src/features/plan/contract/timeline.test.ts', 'src/features/plan/server/plan.test.ts'],
  },
  {
    breaks: 'a stop that is moved by a number comes one place too late',
    file: 'src/features/assignments/server/order.ts',
    find: 'const next = others[at]',
    replace: 'const next = others[at + 1]',
    caughtBy: ['src/features/assignments/server/assignments.test.ts'],
  },
  {
    breaks: 'one is notified of what one did oneself',
    file: 'src/features/notifications/server/telling.ts',
    find: "userId !== caller.userId && (to === 'everybody' || to.includes(userId))",
    replace: "to === 'everybody' || to.includes(userId)",
    caughtBy: ['src/features/notifications/server/notifications.test.ts'],
  },
  {
    breaks: 'a share link works after its time',
    file: 'src/features/sharing/server/handlers.ts',
    find: '|| link.expires_at <= now)',
    replace: '|| link.expires_at <= link.created_at)',
    caughtBy: [SHARING],
  },
  {
    breaks: 'a share link works after the secret of the instance was changed',
    file: 'src/features/sharing/server/handlers.ts',
    find: '!tokens.opens(token, share) ||',
    replace: '',
    caughtBy: [SHARING],
  },
  {
    breaks: 'a share link shows what belongs to an add-on that is off',
    file: 'src/features/sharing/server/hooks.ts',
    find: 'shows(option) && !isOff',
    replace: 'shows(option)',
    caughtBy: [SHARING],
  },
  {
    breaks: 'a name that leads to one public and one internal address is called',
    file: 'src/adapters/http/ssrf-guard.ts',
    find: '!addresses.every(',
    replace: '!addresses.some(',
    caughtBy: ['src/adapters/http/client.test.ts'],
  },
  {
    breaks: 'the credentials of a machine in a cloud can be fetched',
    file: 'src/adapters/http/ssrf-guard.ts',
    find: 'allowInternal && !CREDENTIALS.has(parsed.toString())',
    replace: 'allowInternal',
    caughtBy: ['src/adapters/http/client.test.ts'],
  },
  {
    breaks: 'a session cookie with another signature is taken',
    file: 'src/identity/server/cookie.ts',
    find: 'signature.length === expected.length && timingSafeEqual(signature, expected) ? token : null',
    replace: 'timingSafeEqual(expected, expected) && signature.length ? token : null',
    caughtBy: ['src/identity/server/parts.test.ts', 'src/identity/server/sessions.test.ts'],
  },
  {
    breaks: 'passwords can be guessed without end',
    file: 'src/identity/server/attempt-limiter.ts',
    find: 'if (counted.count <= most) return',
    replace: 'if (counted.count <= most * 1000) return',
    caughtBy: ['src/identity/server/log-in.test.ts'],
  },
  {
    breaks: 'a page of another site can use the cookie',
    file: 'src/transports/http/origins.ts',
    find: "return request.headers['sec-fetch-site'] === 'same-origin'",
    replace: 'return true',
    caughtBy: [HOSTS, 'src/identity/server/log-in.test.ts', 'src/identity/server/serve.test.ts'],
  },
  {
    breaks: 'a page that points its own name at the server can talk to it',
    file: 'src/transports/http/origins.ts',
    find: 'new Set([request.headers.host, request.host])',
    replace: 'new Set([request.host])',
    caughtBy: [HOSTS],
  },
  {
    breaks: 'the limit of requests is twice what is set',
    file: 'src/transports/mcp/rate.ts',
    find: 'if (window.count > this.#most)',
    replace: 'if (window.count > this.#most * 2)',
    caughtBy: ['src/transports/mcp/rate.test.ts'],
  },
  {
    breaks: 'an access token that was made for another server opens this one',
    file: 'src/identity/server/oauth/access-tokens.ts',
    find: 'if (!addresses.isOurs(aud)) return null',
    replace: 'if (!addresses) return null',
    caughtBy: [
      'src/identity/server/oauth/attacks/bearers.test.ts',
      'src/identity/server/oauth/attacks/public-address.test.ts',
    ],
  },
  {
    breaks: 'a file that has just come is swept away before it gets its row',
    file: 'src/features/files/server/sweep.ts',
    find: 'before(now.getTime() - SAFE_FOR_MS, store.keys())',
    replace: 'before(now.getTime(), store.keys())',
    caughtBy: ['src/features/files/server/sweep.test.ts'],
  },
  {
    breaks: 'a booking writes the costs of a trip without the right to costs',
    file: 'src/core/run/steps.ts',
    find: '    if (missing) throw scopeMissingBesides(operation, feature, missing)',
    replace: '    if (missing && !operation) throw scopeMissingBesides(operation, feature, missing)',
    caughtBy: ['test/every-operation/foreign-rows.test.ts'],
  },
  {
    breaks: 'a text that is no number is taken for one',
    file: 'src/core/run/meant.ts',
    find: '/^-?\\d+(\\.\\d+)?$/.test(text)',
    replace: 'Number.isFinite(Number(text))',
    caughtBy: ['src/core/run/input.test.ts'],
  },
  {
    breaks: 'the session that has just begun makes room for those before it',
    file: 'src/transports/mcp/sessions.ts',
    find: '.filter(({ id }) => id !== newest)',
    replace: '.toReversed()',
    caughtBy: ['test/mcp/sleeping-sessions.test.ts'],
  },
  {
    breaks: 'a rule of a trip is broken and nobody finds it',
    file: 'src/features/days/server/sound.ts',
    find: 'day_number !== index + 1 &&',
    replace: 'day_number < 1 &&',
    caughtBy: ['test/every-operation/soundness.test.ts'],
  },
  {
    breaks: 'the name of a guest overwrites what somebody else has just set',
    file: 'src/features/trips/contract/index.ts',
    find: "setBy(stored(GuestName.nullable()), 'name')",
    replace: "setBy(stored(GuestName.nullable()), 'nickname')",
    caughtBy: ['test/every-operation/bases.test.ts'],
  },
  {
    breaks: 'the answers that are kept of a trip outlive it',
    file: 'src/core/run/erasing.ts',
    find: '  await erasing.answers({ spaces, people, but: commit.id })\n',
    replace: '',
    caughtBy: ['test/every-operation/erasure.test.ts'],
  },
  {
    breaks: 'a clock that has just jumped is believed',
    file: 'src/core/run/pace.ts',
    find: '      this.#since = now.steady\n',
    replace: '',
    caughtBy: ['src/core/run/pace.test.ts'],
  },
  {
    breaks: 'a disk that does not work is answered as a bug',
    file: 'src/db/sqlite.ts',
    find: 'IOERR|READONLY|CANTOPEN',
    replace: 'READONLY|CANTOPEN',
    caughtBy: ['test/chaos/disks.test.ts'],
  },
  {
    breaks: 'a process whose database lets it in no more answers with a bug',
    file: 'src/db/postgres-errors.ts',
    find: '/^(28|3D|42)\\w{3}$/',
    replace: '/^(3D|42)\\w{3}$/',
    caughtBy: ['test/chaos/outages.test.ts'],
  },
  {
    breaks: 'whoever is put out of a space gets the rest of its pages',
    file: 'src/transports/live/following.ts',
    find: '          await this.review()\n          const page',
    replace: '          const page',
    caughtBy: ['src/transports/live/pace.test.ts'],
  },
  {
    breaks: 'a file that was brought back is forgotten with what is left of it in quarantine',
    file: 'src/adapters/files-s3.ts',
    find: 'if (!removed || (await client.head(nameOf(key)))) return false',
    replace: 'if (!removed) return false',
    caughtBy: ['src/adapters/files-s3.test.ts'],
  },
  {
    breaks: 'storage is asked a second time for what it may have done already',
    file: 'src/adapters/s3/wire.ts',
    find: '        if (call.once && !error.isRefusedForNow) throw error\n',
    replace: '',
    caughtBy: ['src/adapters/s3/s3.test.ts'],
  },
  {
    breaks: 'a server starts with a place to which not all files have been moved',
    file: 'src/files-move.ts',
    find: "    await to.setMark('incomplete', id)\n",
    replace: '',
    caughtBy: ['test/chaos/uploads-moved.test.ts'],
  },
  {
    breaks: 'strangers read the figures of a server',
    file: 'src/transports/http/observing.ts',
    find: '!timingSafeEqual(digest(bearer), expected)',
    replace: '!given',
    caughtBy: ['test/observing/metrics.test.ts'],
  },
  {
    breaks: 'an outage is told under an id that the log does not have',
    file: 'src/transports/http/unexpected.ts',
    find: '  noteOutage(request, error)\n',
    replace: '',
    caughtBy: ['src/transports/http/request-id.test.ts'],
  },
  {
    breaks: 'whoever asks whether a server is ready keeps its database busy',
    file: 'src/core/run/readiness.ts',
    find: 'this.#looking ??= this.#ask()',
    replace: 'this.#looking = this.#ask()',
    caughtBy: ['src/core/run/readiness.test.ts'],
  },
]
