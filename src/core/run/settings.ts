import { z } from 'zod'
import { type Database, topicOf } from '../data/database.ts'
import { INSTANCE } from '../data/space.ts'
import type { ReadTx, Tx } from '../data/tx.ts'
import { entity, required, stored } from '../declare/entity.ts'
import type { Addon, Level, Permission } from '../declare/operation.ts'
import { Id, Line } from '../declare/values.ts'
import { feature, rows } from './feature.ts'

/** A setting that differs from its default: one row each. */
export const Setting = entity({
  name: 'setting',
  table: 'settings',
  space: INSTANCE.space,
  spaceKey: null,
  fields: {
    id: stored(Id),
    key: required(Line(100)),
    value: required(z.unknown()),
  },
})

/**
 * The core's own part of every catalogue: readers of the change log must be able to name each of its rows. Settings are
 * not published to followers: `get_instance` returns what is switched on.
 */
export const settingsFeature = feature({
  name: 'settings',
  contract: {},
  handlers: {},
  entities: [rows(Setting, () => false)],
})

const addonKey = (addon: Addon) => `addon.${addon.name}`
const levelKey = (permission: Permission) => `permission.${permission.name}`

/** The settings at one moment. */
export class SettingsView {
  readonly #set: ReadonlyMap<string, unknown>

  constructor(rows: readonly { key: string; value: unknown }[]) {
    this.#set = new Map(rows.map(({ key, value }) => [key, value]))
  }

  addonOn(addon: Addon): boolean {
    return (this.#set.get(addonKey(addon)) as boolean | undefined) ?? addon.default
  }

  level(permission: Permission): Level {
    const set = this.#set.get(levelKey(permission)) as Level
    return permission.levels.includes(set) ? set : permission.default
  }
}

/** The settings for the pipeline: cached until the notifier reports a change. */
export class Settings {
  readonly #database: Database
  #cached: Promise<SettingsView> | null = null

  constructor(database: Database) {
    this.#database = database
    database.notifier.subscribe((topic) => {
      if (topic === '*' || topic === topicOf(INSTANCE)) this.#cached = null
    })
  }

  /** Never call it inside a transaction: it may read. */
  current(): Promise<SettingsView> {
    const view = (this.#cached ??= this.#database.read(readSettings))
    // A failed read must not be cached.
    view.catch(() => {
      if (this.#cached === view) this.#cached = null
    })
    return view
  }
}

/** Reads the settings inside a transaction. */
export const readSettings = async (tx: ReadTx): Promise<SettingsView> => new SettingsView(await tx.list(Setting, {}))

export const setAddon = (tx: Tx, addon: Addon, on: boolean): Promise<void> => write(tx, addonKey(addon), on)

export const setLevel = (tx: Tx, permission: Permission, level: Level): Promise<void> =>
  write(tx, levelKey(permission), level)

async function write(tx: Tx, key: string, value: unknown): Promise<void> {
  const row = await tx.find(Setting, { key })
  if (row) await tx.patch(Setting, row, { value })
  else await tx.insert(Setting, { key, value })
}
