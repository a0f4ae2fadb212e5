import type { Opened, Part } from '../../../core/data/files.ts'
import type { Caller } from '../../../core/data/space.ts'
import { TrekError } from '../../../core/declare/errors.ts'
import type { Output } from '../../../core/declare/operation.ts'
import type { BackupEvent } from '../../../identity/server/index.ts'
import type { list_backups, preview_backup } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { isAhead, isUsable } from './ahead.ts'

type State = Output<typeof list_backups>
type Preview = Output<typeof preview_backup>

/** What a rehearsal of a restore reports about a backup. */
export interface Rehearsed extends Pick<Preview, 'files' | 'key_fits' | 'migrations' | 'problems'> {
  readonly manifest: Pick<Preview, 'made_at' | 'version' | 'has_files'>
  readonly missing_files: number
  readonly users: number
  readonly trips: number
  readonly changed_at: string | null
}

/** How the last backup went; shared by all processes of the instance. */
export interface Notes {
  readonly started_at: string | null
  readonly failure: Failure | null
  /** When the last backup began, if the end of its server cut it off. */
  readonly cut_off_at?: string | null | undefined
}

interface Failure {
  readonly at: string
  readonly reason: string
  /** The folder it was to be made in. */
  readonly folder?: string | undefined
  /** What failed: the folder, or only the removal of older backups, or that files are missing in it. */
  readonly with?: 'folder' | 'removing' | 'incomplete' | undefined
}

type Kept = State['backups'][number]

type Reported = NonNullable<State['progress']> & { readonly at: string }

/** A command for the server. */
type Typed = State['to_make']

interface How {
  /** Whether a person asked for the backup, and not the clock. */
  readonly byHand: boolean
}

/** What makes backups in a folder. */
export interface Tools {
  readonly folder: string
  /** Why the folder cannot be written to, or null. */
  problem(): Promise<string | null>
  list(): Promise<Kept[]>
  open(name: string, part?: Part): Promise<Opened | null>
  /** Makes a backup in another process, and removes older ones. `lack` says what it lacks. */
  make(how: How): Promise<{ name: string; removed: readonly string[]; lack: string | null }>
  /** Tries a restore on a copy, in another process. */
  rehearse(name: string): Promise<Rehearsed>
  /** The path that people write for a backup. */
  pathOf(name: string): string
  /** Whether any process is working on a backup or a restore. */
  isWorking(): Promise<boolean>
  /** How far the backup that is being made is, and when that was reported; null if that is unknown. */
  progress(): Promise<Reported | null>
  readNotes(): Promise<Notes>
  writeNotes(notes: Notes): Promise<void>
  /** What the database of this instance contains. */
  holdings(): Promise<Preview['now']>
  /** Ends running processes. */
  close(): Promise<void>
}

/** Who asked for a backup; null for the schedule. */
type Asker = Pick<Caller, 'userId' | 'way' | 'grant'> | null

/** An entry of the audit log about one backup. */
interface Recorded {
  readonly event: BackupEvent
  readonly subject: string | null
  readonly outcome: 'ok' | 'unavailable'
  readonly user_id: number | null
  readonly way: string
  readonly grant_id: string | null
}

export interface Parts {
  /** Null if no folder is set. */
  readonly tools: Tools | null
  readonly everySeconds: number
  readonly keep: number
  readonly encrypted: boolean
  readonly commands: { backup(): Typed; restore(path: string): Typed; showKey(): Typed }
  readonly clock: () => Date
  /** Adds an entry to the audit log. */
  record(entry: Recorded): void
  /** Receives a text about what went wrong with a backup, and why. */
  warn(what: string): void
  /** Receives errors that no caller waits for. */
  onError(error: unknown): void
}

/** How often to check whether a backup is due, and how soon to retry a failed one. */
export const LOOK_SECONDS = 600
/** The check may run slightly early or late. */
const TOLERANCE_MS = 1000
/** A process that has just started does not show as working yet. */
const BEGINS_WITHIN_MS = 10_000
const NOTHING: Notes = { started_at: null, failure: null }
/** Names of backups have a resolution of one second. */
const SECOND_MS = 1000

/** Makes backups when they are due or on request, each in its own process. */
export class Backups {
  readonly #parts: Parts
  #making: Promise<void> | null = null
  #closed = false
  /** Notes that could not be written because the disk was full. */
  #unwritten: Notes | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async state(): Promise<State> {
    const { tools, everySeconds, keep, encrypted, commands } = this.#parts
    const notes = tools ? await this.#notes(tools) : NOTHING
    const problem = tools && (await tools.problem())
    const backups = tools && !problem ? await tools.list() : []
    // If nobody can tell, the next scheduled backup reports why.
    const running = tools !== null && (await this.#isRunning(tools, notes).catch(() => false))
    const folder = tools?.folder ?? null
    const now = this.#parts.clock().getTime()
    const counted = backups.filter((backup) => isUsable(backup) && !isAhead(backup.made_at, now))
    const found = { folder, problem, backups: counted }
    return {
      folder,
      problem,
      backups,
      every_seconds: everySeconds,
      keep,
      encrypted,
      running,
      started_at: running ? notes.started_at : null,
      progress: running ? await progressOf(tools, notes) : null,
      cut_off_at: running ? null : cutOff(notes, found),
      last_failure: running ? null : unsolved(notes, found),
      to_make: commands.backup(),
      to_show_key: commands.showKey(),
    }
  }

  /** Starts a backup without waiting for its end. Once this returns, every server knows that it is running. */
  async start(asker: Asker): Promise<void> {
    const { onError } = this.#parts
    const tools = this.#tools()
    const [isBusy, isRunning] = await Promise.all([
      tools.isWorking(),
      this.#notes(tools).then((notes) => this.#isRunning(tools, notes)),
    ]).catch((error) => {
      throw messages.unreadable({ reason: (error as Error).message })
    })
    // Checked last, because another call may have started one meanwhile.
    if (isRunning || this.#making) throw messages.beingMade()
    if (isBusy) {
      throw messages.busy()
    }
    await new Promise<void>((begun) => this.#make(tools, asker, begun).catch(onError))
  }

  /** Makes a backup and waits for it, if the newest scheduled one is older than it should be. Reports failures. */
  async makeWhenDue(): Promise<void> {
    const { tools } = this.#parts
    if (!tools) return
    try {
      if (!(await this.#isDue(tools))) return
    } catch (error) {
      const failure = this.#failed(tools, (error as Error).message)
      this.#tell(failure)
      await this.#note(tools, { ...(await this.#notes(tools)), failure })
      return
    }
    await this.#make(tools, null)
  }

  async #isDue(tools: Tools): Promise<boolean> {
    const { everySeconds, clock } = this.#parts
    const now = clock().getTime()
    const isWithin = (at: string, ms: number) => !isAhead(at, now) && now - Date.parse(at) < ms
    const notes = await this.#notes(tools)
    const { failure } = notes
    if (failure && isWithin(failure.at, LOOK_SECONDS * 1000 - TOLERANCE_MS)) return false
    // If the folder has a problem, making the backup reports it.
    const backups = (await tools.problem()) ? [] : await tools.list()
    const scheduled = backups.filter((backup) => !backup.by_hand && isUsable(backup))
    if (scheduled.some(({ made_at }) => isWithin(made_at, everySeconds * 1000))) return false
    return !(await this.#isRunning(tools, notes)) && !(await tools.isWorking())
  }

  /** What restoring this backup would change. */
  async preview(name: string): Promise<Preview> {
    const tools = this.#tools()
    await this.find(name)
    const rehearsed = await tools.rehearse(name).catch((error) => {
      throw error instanceof TrekError ? error : messages.unreadable({ reason: (error as Error).message })
    })
    const { manifest, users, trips, changed_at, files, missing_files, ...found } = rehearsed
    const { key_fits, migrations, problems } = found
    return {
      made_at: manifest.made_at,
      version: manifest.version,
      files,
      has_files: manifest.has_files,
      missing_files,
      backup: { users, trips, files, changed_at },
      now: await tools.holdings(),
      key_fits,
      migrations,
      problems,
      ...this.#parts.commands.restore(tools.pathOf(name)),
    }
  }

  async find(name: string): Promise<Kept> {
    const tools = this.#tools()
    const found = (await tools.list()).find((one) => one.name === name)
    if (!found) throw messages.backupNotFound({ name, folder: tools.folder })
    return found
  }

  readonly open: Tools['open'] = (name, part) => this.#tools().open(name, part)

  /** Ends a running backup; the next server reports that it was cut off. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#parts.tools?.close()
    await this.#making?.catch(() => {})
  }

  #tools(): Tools {
    if (!this.#parts.tools) throw messages.noFolder()
    return this.#parts.tools
  }

  #make(tools: Tools, asker: Asker, begun = () => {}): Promise<void> {
    this.#making ??= this.#makeOne(tools, asker, begun).finally(() => {
      this.#making = null
    })
    return this.#making
  }

  async #makeOne(tools: Tools, asker: Asker, begun: () => void): Promise<void> {
    const { clock } = this.#parts
    const { failure: before } = await this.#notes(tools)
    const started_at = clock().toISOString()
    await this.#note(tools, { started_at, failure: before })
    begun()
    const failure = await this.#attempt(tools, asker)
    if (this.#closed && failure) {
      await this.#note(tools, { started_at: null, failure: before, cut_off_at: started_at })
      return
    }
    if (failure) this.#tell(failure)
    await this.#note(tools, { started_at: null, failure })
  }

  #tell(failure: Failure): void {
    const { reason } = failure
    this.#parts.warn((isMade(failure) ? messages.madeWithProblem({ reason }) : messages.notMade({ reason })).text)
  }

  #failed(tools: Tools, reason: string, what: Pick<Failure, 'with'> = {}): Failure {
    return { at: this.#parts.clock().toISOString(), reason, folder: tools.folder, ...what }
  }

  /** Makes a backup and returns the failure, if any. */
  async #attempt(tools: Tools, asker: Asker): Promise<Failure | null> {
    const before = await namesIn(tools)
    try {
      const { name, removed, lack } = await tools.make({ byHand: asker !== null })
      this.#record('backup_made', name, asker)
      for (const one of removed) this.#record('backup_removed', one, asker)
      return lack === null ? null : this.#failed(tools, lack, { with: 'incomplete' })
    } catch (error) {
      const { message } = error as Error
      const isNew = (name: string) => !before.has(name)
      const made = [...(await namesIn(tools))].filter(isNew)
      for (const name of made) this.#record('backup_made', name, asker)
      if (made.length) return this.#failed(tools, messages.notRemoved({ reason: message }).text, { with: 'removing' })
      // The schedule tries again and again, and the log of the server has its failures.
      if (asker && !this.#closed) this.#record('backup_made', null, asker)
      const isFolder = (await tools.problem().catch(() => null)) !== null
      return this.#failed(tools, message, isFolder ? { with: 'folder' } : {})
    }
  }

  #record(event: BackupEvent, subject: string | null, asker: Asker): void {
    const by = { user_id: asker?.userId || null, way: asker?.way ?? 'system', grant_id: asker?.grant ?? null }
    this.#parts.record({ event, subject, outcome: subject === null ? 'unavailable' : 'ok', ...by })
  }

  async #isRunning(tools: Tools, { started_at }: Notes): Promise<boolean> {
    if (this.#making) return true
    if (started_at === null) return false
    // Another server makes it, or was ended before it finished.
    const since = this.#parts.clock().getTime() - Date.parse(started_at)
    return (since >= 0 && since < BEGINS_WITHIN_MS) || tools.isWorking()
  }

  async #notes(tools: Tools): Promise<Notes> {
    return this.#unwritten ?? tools.readNotes()
  }

  async #note(tools: Tools, notes: Notes): Promise<void> {
    try {
      await tools.writeNotes(notes)
      this.#unwritten = null
    } catch (error) {
      this.#unwritten = notes
      this.#parts.onError(error)
    }
  }
}

/** How far the running backup is. A report from before its start is of an earlier one. */
async function progressOf(tools: Tools, { started_at }: Notes): Promise<State['progress']> {
  const reported = await tools.progress()
  if (!reported || started_at === null || reported.at < started_at) return null
  const { at: _, ...progress } = reported
  return progress
}

/** Whether a backup was made despite the failure. */
const isMade = (failure: Failure): boolean => failure.with === 'removing' || failure.with === 'incomplete'

/** What the folder contains; only backups that count. */
interface Found extends Pick<State, 'folder' | 'problem'> {
  readonly backups: readonly Kept[]
}

const isMadeAfter = (ms: number, { backups }: Found): boolean => backups.some(({ made_at }) => Date.parse(made_at) > ms)

/** When the last backup began, if its server ended during it and none has been made since. */
function cutOff({ started_at, cut_off_at }: Notes, found: Found): string | null {
  const at = started_at ?? cut_off_at ?? null
  return at !== null && !isMadeAfter(Date.parse(at) - SECOND_MS, found) ? at : null
}

/** The last failure, as long as it may persist. */
export function unsolved({ failure }: Pick<Notes, 'failure'>, found: Found): State['last_failure'] {
  if (!failure) return null
  const { at, reason, folder = found.folder } = failure
  const isSolved = failure.with === 'folder' && found.problem === null
  if (folder !== found.folder || isSolved || isMadeAfter(Date.parse(at), found)) return null
  return { at, reason, made: isMade(failure) }
}

/** The names of the backups. If the folder cannot be listed, it counts as empty. */
async function namesIn(tools: Tools): Promise<Set<string>> {
  const kept = await tools.list().catch(() => [])
  return new Set(kept.filter(isUsable).map(({ name }) => name))
}
