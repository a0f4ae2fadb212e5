/** A plausible mistake in one place, and the suites of which at least one must fail because of it. */
export interface PlantedFault {
  /** The consequence for users of the product. */
  readonly breaks: string
  readonly file: string
  /** Occurs once in the file. */
  readonly find: string
  readonly replace: string
  readonly caughtBy: readonly string[]
}

/** The text of the file with the fault. */
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
    breaks: 'demo mode accepts writes',
    file: 'src/core/run/steps.ts',
    find: "operation.effect !== 'read' && caller.readOnly",
    replace: 'operation === null && caller.readOnly',
    caughtBy: [PIPELINE, 'src/identity/server/oauth/attacks/demo.test.ts'],
  },
  {
    breaks: 'open screens do not receive changes',
    file: 'src/core/run/steps.ts',
    find: 'for (const batch of batches) parts.feed.publish(batch)',
    replace: 'for (const _ of batches) parts.feed.tap(() => {})()',
    caughtBy: ['src/transports/live/following.test.ts'],
  },
  {
    breaks: 'a repeated write runs twice',
    file: 'src/core/run/steps.ts',
    find: 'const before = await tx.reserveCall(key, begun(run, run.commit.id))',
    replace: 'const before = (await tx.reserveCall(key, begun(run, run.commit.id))) && null',
    caughtBy: [ONCE],
  },
  {
    breaks: 'a secret that is shown once is stored with the answer',
    file: 'src/core/run/once.ts',
    find: "typeof value === 'string' && secrets.has(value)",
    replace: "typeof value === 'number' && secrets.has(value)",
    caughtBy: [ONCE],
  },
  {
    breaks: 'a restarted program gets the lost answer of its predecessor',
    file: 'src/core/run/lost.ts',
    find: 'order > lost.order',
    replace: 'order >= lost.order',
    caughtBy: [ONCE],
  },
  {
    breaks: 'a write overwrites changes that its author has not seen',
    file: 'src/core/run/base.ts',
    find: 'if (!overlapping.length) return written',
    replace: 'if (overlapping.length >= 0) return written',
    caughtBy: ['src/core/run/base.test.ts'],
  },
  {
    breaks: 'a member receives the change of a row that they cannot see',
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
    breaks: 'after a restore of the database a screen keeps rows of another history',
    file: 'src/core/data/feed.ts',
    find: 'since.epoch !== epoch || ',
    replace: '',
    caughtBy: ['test/chaos/restore.test.ts'],
  },
  {
    breaks: 'a part of a transaction is sent by itself',
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
    breaks: 'a new member does not learn of the membership',
    file: 'src/db/transactions.ts',
    find: 'if (entity.also) push(',
    replace: 'if (entity.also && !entity) push(',
    caughtBy: ['src/transports/live/view.test.ts'],
  },
  {
    breaks: 'the app does not recognize its own write',
    file: 'src/core/data/commit.ts',
    find: 'id !== undefined && isUuid(id) ? id : newUuid()',
    replace: 'id === null ? id : newUuid()',
    caughtBy: ['src/db/changes.test.ts'],
  },
  {
    breaks: 'a row that was just typed disappears when another device adds one',
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
    breaks: 'an amount with too many decimals for its currency is rounded silently',
    file: 'src/core/data/storage.ts',
    find: '> 1e-9 * Math.max(1, amount)',
    replace: '> 1',
    caughtBy: [PIPELINE, 'src/features/budget/server/money.test.ts'],
  },
  {
    breaks: 'a page of a list begins with the last row of the previous page',
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
    breaks: 'everybody sees a packing item that is shared with some members',
    file: 'src/features/packing/server/access.ts',
    find: "item.visibility === 'shared' && item.shared_with.includes(userId)",
    replace: "item.visibility === 'shared'",
    caughtBy: ['src/features/packing/server/packing.test.ts'],
  },
  {
    breaks: 'settling debts takes more payments than necessary',
    file: 'src/features/budget/server/settle.ts',
    find: 'best + (sums[set] === 0 ? 1 : 0)',
    replace: 'best',
    caughtBy: ['src/features/budget/server/money.test.ts'],
  },
  {
    breaks: 'an entry lands on the wrong side of its neighbour',
    file: 'src/features/plan/contract/timeline.ts',
    find: 'return last < 0 ? null : last + 1',
    replace: 'return last < 0 ? null : last',
    caughtBy: ['src/features/plan/contract/timeline.test.ts', 'src/features/plan/server/plan.test.ts'],
  },
  {
    breaks: 'a stop that is moved to a position lands one position too late',
    file: 'src/features/assignments/server/order.ts',
    find: 'const next = others[at]',
    replace: 'const next = others[at + 1]',
    caughtBy: ['src/features/assignments/server/assignments.test.ts'],
  },
  {
    breaks: 'people are notified of their own changes',
    file: 'src/features/notifications/server/telling.ts',
    find: "userId !== caller.userId && (to === 'everybody' || to.includes(userId))",
    replace: "to === 'everybody' || to.includes(userId)",
    caughtBy: ['src/features/notifications/server/notifications.test.ts'],
  },
  {
    breaks: 'a share link works after its expiry',
    file: 'src/features/sharing/server/handlers.ts',
    find: '|| link.expires_at <= now)',
    replace: '|| link.expires_at <= link.created_at)',
    caughtBy: [SHARING],
  },
  {
    breaks: 'a share link works after a change of the secret of the instance',
    file: 'src/features/sharing/server/handlers.ts',
    find: '!tokens.opens(token, share) ||',
    replace: '',
    caughtBy: [SHARING],
  },
  {
    breaks: 'a share link shows data of an add-on that is off',
    file: 'src/features/sharing/server/hooks.ts',
    find: 'shows(option) && !isOff',
    replace: 'shows(option)',
    caughtBy: [SHARING],
  },
  {
    breaks: 'TREK calls a name that resolves to one public and one internal address',
    file: 'src/adapters/http/ssrf-guard.ts',
    find: '!addresses.every(',
    replace: '!addresses.some(',
    caughtBy: ['src/adapters/http/client.test.ts'],
  },
  {
    breaks: 'TREK fetches the credentials of a cloud machine',
    file: 'src/adapters/http/ssrf-guard.ts',
    find: 'allowInternal && !CREDENTIALS.has(parsed.toString())',
    replace: 'allowInternal',
    caughtBy: ['src/adapters/http/client.test.ts'],
  },
  {
    breaks: 'a session cookie with a wrong signature is accepted',
    file: 'src/identity/server/cookie.ts',
    find: 'signature.length === expected.length && timingSafeEqual(signature, expected) ? token : null',
    replace: 'timingSafeEqual(expected, expected) && signature.length ? token : null',
    caughtBy: ['src/identity/server/parts.test.ts', 'src/identity/server/sessions.test.ts'],
  },
  {
    breaks: 'passwords can be guessed without limit',
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
    breaks: 'a page of another site can call the server by DNS rebinding',
    file: 'src/transports/http/origins.ts',
    find: 'new Set([request.headers.host, request.host])',
    replace: 'new Set([request.host])',
    caughtBy: [HOSTS],
  },
  {
    breaks: 'the request limit is twice the configured value',
    file: 'src/transports/mcp/rate.ts',
    find: 'if (window.count > this.#most)',
    replace: 'if (window.count > this.#most * 2)',
    caughtBy: ['src/transports/mcp/rate.test.ts'],
  },
  {
    breaks: 'this server accepts an access token for another server',
    file: 'src/identity/server/oauth/access-tokens.ts',
    find: 'if (!addresses.isOurs(aud)) return null',
    replace: 'if (!addresses) return null',
    caughtBy: [
      'src/identity/server/oauth/attacks/bearers.test.ts',
      'src/identity/server/oauth/attacks/public-address.test.ts',
    ],
  },
  {
    breaks: 'a new upload is swept away before it gets its row',
    file: 'src/features/files/server/sweep.ts',
    find: 'before(now.getTime() - SAFE_FOR_MS, store.keys())',
    replace: 'before(now.getTime(), store.keys())',
    caughtBy: ['src/features/files/server/sweep.test.ts'],
  },
  {
    breaks: 'a booking writes the costs of a trip without the scope for costs',
    file: 'src/core/run/steps.ts',
    find: '    if (missing) throw scopeMissingBesides(operation, feature, missing)',
    replace: '    if (missing && !operation) throw scopeMissingBesides(operation, feature, missing)',
    caughtBy: ['test/every-operation/foreign-rows.test.ts'],
  },
  {
    breaks: 'a text that is not a plain number is accepted as a number',
    file: 'src/core/run/meant.ts',
    find: '/^-?\\d+(\\.\\d+)?$/.test(text)',
    replace: 'Number.isFinite(Number(text))',
    caughtBy: ['src/core/run/input.test.ts'],
  },
  {
    breaks: 'the newest session falls asleep instead of the oldest',
    file: 'src/transports/mcp/sessions.ts',
    find: '.filter(({ id }) => id !== newest)',
    replace: '.toReversed()',
    caughtBy: ['test/mcp/sleeping-sessions.test.ts'],
  },
  {
    breaks: 'a violated rule of a trip is not found',
    file: 'src/features/days/server/sound.ts',
    find: 'day_number !== index + 1 &&',
    replace: 'day_number < 1 &&',
    caughtBy: ['test/every-operation/soundness.test.ts'],
  },
  {
    breaks: 'the name of a guest overwrites a concurrent change',
    file: 'src/features/trips/contract/index.ts',
    find: "setBy(stored(GuestName.nullable()), 'name')",
    replace: "setBy(stored(GuestName.nullable()), 'nickname')",
    caughtBy: ['test/every-operation/bases.test.ts'],
  },
  {
    breaks: 'the stored answers of a trip outlive it',
    file: 'src/core/run/erasing.ts',
    find: '  await erasing.answers({ spaces, people, but: commit.id })\n',
    replace: '',
    caughtBy: ['test/every-operation/erasure.test.ts'],
  },
  {
    breaks: 'a clock that has just jumped is trusted',
    file: 'src/core/run/pace.ts',
    find: '      this.#since = now.steady\n',
    replace: '',
    caughtBy: ['src/core/run/pace.test.ts'],
  },
  {
    breaks: 'a disk failure is reported as a bug',
    file: 'src/db/sqlite.ts',
    find: 'IOERR|READONLY|CANTOPEN',
    replace: 'READONLY|CANTOPEN',
    caughtBy: ['test/chaos/disks.test.ts'],
  },
  {
    breaks: 'a process that loses access to its database reports a bug',
    file: 'src/db/postgres-errors.ts',
    find: '/^(28|3D|42)\\w{3}$/',
    replace: '/^(3D|42)\\w{3}$/',
    caughtBy: ['test/chaos/outages.test.ts'],
  },
  {
    breaks: 'a member who is removed from a space receives the rest of its pages',
    file: 'src/transports/live/following.ts',
    find: '          await this.review()\n          const page',
    replace: '          const page',
    caughtBy: ['src/transports/live/pace.test.ts'],
  },
  {
    breaks: 'the record of a restored file is deleted with its quarantined copy',
    file: 'src/adapters/files-s3.ts',
    find: 'if (!removed || (await client.head(nameOf(key)))) return false',
    replace: 'if (!removed) return false',
    caughtBy: ['src/adapters/files-s3.test.ts'],
  },
  {
    breaks: 'a call to storage that may already have succeeded is repeated',
    file: 'src/adapters/s3/wire.ts',
    find: '        if (call.once && !error.isRefusedForNow) throw error\n',
    replace: '',
    caughtBy: ['src/adapters/s3/s3.test.ts'],
  },
  {
    breaks: 'a server starts with storage to which only some files have been moved',
    file: 'src/files-move.ts',
    find: "    await to.setMark('incomplete', id)\n",
    replace: '',
    caughtBy: ['test/chaos/uploads-moved.test.ts'],
  },
  {
    breaks: 'strangers read the metrics of a server',
    file: 'src/transports/http/observing.ts',
    find: '!timingSafeEqual(digest(bearer), expected)',
    replace: '!given',
    caughtBy: ['test/observing/metrics.test.ts'],
  },
  {
    breaks: 'an outage is reported with an id that the log does not contain',
    file: 'src/transports/http/unexpected.ts',
    find: '  noteOutage(request, error)\n',
    replace: '',
    caughtBy: ['src/transports/http/request-id.test.ts'],
  },
  {
    breaks: 'concurrent readiness checks each query the database',
    file: 'src/core/run/readiness.ts',
    find: 'this.#looking ??= this.#ask()',
    replace: 'this.#looking = this.#ask()',
    caughtBy: ['src/core/run/readiness.test.ts'],
  },
]
