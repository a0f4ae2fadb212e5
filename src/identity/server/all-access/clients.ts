import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { OAuthClient, OAuthGrant, OAuthRegistration } from '../../contract/oauth.ts'
import type { Person } from '../../contract/person.ts'
import { redirectHost } from '../../contract/redirects.ts'
import { listClientRows, listGrantsByClient, listRegistrations } from './store.ts'

/** A program known to OAuth here, whoever authorized it. */
export interface KnownClient {
  /** Its client id. */
  readonly id: string
  readonly name: string
  readonly source: 'settings' | 'registered' | 'document'
  /** The person who added it, or null. */
  readonly owner: Person | null
  readonly redirect_hosts: string[]
  readonly created_at: string
  readonly last_used_at: string | null
  /** The number of its grants. */
  readonly grants: number
}

type GrantRow = Awaited<ReturnType<typeof listGrantsByClient>>[number]

/** Every program that was added or registered, and each client metadata document with a grant; newest first. */
export async function listClientsOfAll(tx: ReadTx, userId?: number): Promise<KnownClient[]> {
  const granted = Map.groupBy(await listGrantsByClient(tx), ({ client_id }) => client_id)
  const use = (id: string) => {
    const grants = granted.get(id) ?? []
    return { last_used_at: latest(grants), grants: grants.length }
  }
  const settings = (await listClientRows(tx)).map((row): KnownClient => {
    const { client_id: id, name, created_at, user_id, username, user_name } = row
    const owner = { user_id, username, name: user_name }
    const redirect_hosts = hosts(JSON.parse(row.redirect_uris))
    return { id, name, source: 'settings', owner, redirect_hosts, created_at, ...use(id) }
  })
  const registered = (await listRegistrations(tx)).map(({ client_id: id, metadata, created_at }): KnownClient => {
    const { client_name, redirect_uris = [] } = JSON.parse(metadata) as Registered
    const redirect_hosts = hosts(redirect_uris)
    return { id, name: client_name ?? id, source: 'registered', owner: null, redirect_hosts, created_at, ...use(id) }
  })
  const written = new Set([...settings, ...registered].map(({ id }) => id))
  const documents = [...granted].flatMap(([id, grants]) => (written.has(id) ? [] : [documented(id, grants)]))
  const all = [...settings, ...registered, ...documents].sort((a, b) => b.created_at.localeCompare(a.created_at))
  if (userId === undefined) return all
  const letIn = (id: string) => granted.get(id)?.some(({ user_id }) => user_id === userId) ?? false
  return all.filter(({ id, owner }) => owner?.user_id === userId || letIn(id))
}

interface Registered {
  readonly client_name?: string
  readonly redirect_uris?: readonly string[]
}

function documented(id: string, grants: readonly GrantRow[]): KnownClient {
  const newest = grants.toSorted((a, b) => b.created_at.localeCompare(a.created_at))
  return {
    id,
    name: newest[0]?.client_name ?? id,
    // It was removed while a person approved it.
    source: id.startsWith('https:') ? 'document' : 'registered',
    owner: null,
    redirect_hosts: [...new Set(newest.flatMap(({ redirect_host }) => redirect_host ?? []))],
    created_at: newest.at(-1)?.created_at ?? '',
    last_used_at: latest(grants),
    grants: grants.length,
  }
}

const hosts = (uris: readonly string[]): string[] => [...new Set(uris.map(redirectHost))]

const latest = (grants: readonly GrantRow[]): string | null =>
  grants.reduce<string | null>((last, { last_used_at: at }) => (at && (!last || at > last) ? at : last), null)

/** Removes a program and all its grants. False if the id is unknown. */
export async function removeClientOfAll(tx: Tx, clientId: string): Promise<boolean> {
  const grants = await tx.list(OAuthGrant, { client_id: clientId })
  const client = await tx.find(OAuthClient, { client_id: clientId })
  const registration = await tx.find(OAuthRegistration, { client_id: clientId })
  for (const grant of grants) await tx.remove(OAuthGrant, grant)
  if (client) await tx.remove(OAuthClient, client)
  if (registration) await tx.remove(OAuthRegistration, registration)
  return grants.length > 0 || client !== null || registration !== null
}
