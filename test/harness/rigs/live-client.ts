import { gunzipSync } from 'node:zlib'
import { type ClientOptions, WebSocket } from 'ws'
import { FromServer } from '../../../src/transports/live/contract.ts'
import { Pages } from '../../../src/ui/live/pages.ts'
import { until } from '../until.ts'

export type Frame = FromServer
type Snapshot = Extract<Frame, { type: 'snapshot' }>
type Row = Record<string, unknown>

export { until }

/** A real socket that checks every frame against its schema and keeps it. It merges the pages of a snapshot into one frame. */
export class LiveClient {
  readonly frames: Frame[] = []
  /** The received pages of snapshots. */
  readonly pages: { frame: Snapshot; packed: boolean; bytes: number }[] = []
  readonly #pages = new Map<string, Pages>()
  readonly socket: WebSocket
  closed: number | null = null
  onFrame: (frame: Frame) => void = () => {}

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data: Buffer, packed) => {
      const frame = FromServer.parse(JSON.parse(String(packed ? gunzipSync(data) : data)))
      const completed = frame.type === 'snapshot' ? this.#turn(frame, packed, data.length) : frame
      if (!completed) return
      this.frames.push(completed)
      this.onFrame(completed)
    })
    socket.on('close', (code) => {
      this.closed = code
    })
  }

  #turn(frame: Snapshot, packed: boolean, bytes: number): Snapshot | null {
    this.pages.push({ frame, packed, bytes })
    const key = `${frame.space}:${frame.id}`
    const pages = this.#pages.get(key) ?? new Pages()
    this.#pages.set(key, pages)
    const rows = pages.take(frame)
    return rows && { ...frame, rows }
  }

  static async open(base: string, userId: number, options: ClientOptions = {}): Promise<LiveClient> {
    const socket = new WebSocket(`${base.replace('http', 'ws')}/ws`, {
      headers: { cookie: `session=${userId}` },
      ...options,
    })
    const client = new LiveClient(socket)
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return client
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  subscribe(
    id: number,
    more: { seq?: number; epoch?: string; view?: string; gzip?: boolean } = {},
    space = 'crate',
  ): void {
    this.send({ type: 'subscribe', space, id, ...more })
  }

  of<T extends Frame['type']>(type: T): Extract<Frame, { type: T }>[] {
    return this.frames.filter((frame): frame is Extract<Frame, { type: T }> => frame.type === type)
  }

  async first<T extends Frame['type']>(type: T): Promise<Extract<Frame, { type: T }>> {
    return until(() => this.of(type)[0])
  }

  async close(): Promise<void> {
    this.socket.terminate()
    await until(() => this.closed !== null)
  }
}

/** The position from a snapshot that a returning client sends to the server. */
export const sinceOf = ({ seq, epoch, view }: Extract<Frame, { type: 'snapshot' }>) => ({ seq, epoch, view })

/** The state that an app builds from the frames of one space, as the frame reference specifies. */
export class Copy {
  readonly rows = new Map<string, Map<number, Row>>()
  seq: number | undefined
  epoch: string | undefined
  view: string | undefined
  /** The sequence numbers of all received changes, to check that none arrives twice. */
  readonly receivedSeqs: number[] = []

  apply(frame: Frame): void {
    if (frame.type === 'snapshot') {
      this.rows.clear()
      for (const [entity, rows] of Object.entries(frame.rows)) {
        this.rows.set(entity, new Map(rows.map((row) => [row.id as number, row])))
      }
      this.seq = frame.seq
      this.epoch = frame.epoch
      this.view = frame.view
      this.receivedSeqs.length = 0
    } else if (frame.type === 'changes') {
      this.receivedSeqs.push(frame.seq)
      for (const change of frame.changes) {
        const table = this.rows.get(change.entity) ?? new Map<number, Row>()
        this.rows.set(change.entity, table)
        if (change.action === 'remove') table.delete(change.id)
        else table.set(change.row.id as number, change.row)
      }
      this.seq = Math.max(this.seq ?? 0, frame.seq)
    } else if (frame.type === 'resumed') {
      this.seq = Math.max(this.seq ?? 0, frame.seq)
    } else if (frame.type === 'reset') {
      this.seq = undefined
      this.epoch = undefined
      this.view = undefined
    }
  }

  table(entity: string): Row[] {
    return [...(this.rows.get(entity)?.values() ?? [])].sort((a, b) => (a.id as number) - (b.id as number))
  }

  get since(): { seq?: number; epoch?: string; view?: string } {
    return this.seq === undefined
      ? {}
      : { seq: this.seq, ...(this.epoch && { epoch: this.epoch }), ...(this.view && { view: this.view }) }
  }
}
