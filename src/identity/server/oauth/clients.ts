import type { AdapterPayload, Client, ClientMetadata, Provider } from 'oidc-provider'
import { errors } from 'oidc-provider'
import { TrekError } from '../../../core/declare/errors.ts'
import {
  isLoopback,
  type RedirectRules,
  redirectHost,
  redirectMatches,
  redirectProblem,
} from '../../contract/redirects.ts'
import { hashToken } from '../tokens.ts'
import { keyFault } from './points.ts'
import type { ClientRow } from './store.ts'

/**
 * Our additions to client metadata. `settings`: added by its owner. `registered`: registered itself (RFC 7591).
 * `document`: its id is the URL of a client metadata document.
 */
export interface Particulars {
  trek_source: 'settings' | 'registered' | 'document'
  /** The most it can be granted, space-separated; only if its owner chose scopes. */
  trek_scopes?: string
  /** The id of its owner. The client cannot ask anyone else. */
  trek_owner?: number
}

export const PARTICULARS = ['trek_source', 'trek_scopes', 'trek_owner'] as const

/** A property of client metadata documents that `oidc-provider` does not know. */
export const CHOICE_OF_METHODS = 'token_endpoint_auth_methods_supported'

/** The default authentication method of a client (RFC 7591 section 2). */
const UNSAID = 'client_secret_basic'

type Metadata = Omit<ClientMetadata, keyof Particulars> & Partial<Particulars>

/** A client row as metadata of `oidc-provider`, with the hash in place of the secret. */
export function metadataOf(row: ClientRow, machine: boolean): AdapterPayload {
  const redirect_uris = JSON.parse(row.redirect_uris) as string[]
  const browser = redirect_uris.length > 0
  return {
    client_id: row.client_id,
    client_name: row.name,
    redirect_uris,
    application_type: typeOf(redirect_uris),
    response_types: browser ? ['code'] : [],
    grant_types: [
      ...(browser ? ['authorization_code', 'refresh_token'] : []),
      ...(machine ? ['client_credentials'] : []),
    ],
    ...(row.public_keys
      ? { token_endpoint_auth_method: 'private_key_jwt' as const, jwks: JSON.parse(row.public_keys) }
      : { token_endpoint_auth_method: 'client_secret_post' as const, client_secret: row.secret_hash ?? '' }),
    trek_source: 'settings',
    trek_scopes: (JSON.parse(row.scopes) as string[]).join(' '),
    trek_owner: row.user_id,
  } as AdapterPayload
}

/** The stored form of a registration: with a hash in place of the secret. */
export function registeredMetadata({ client_secret, ...metadata }: AdapterPayload): AdapterPayload {
  return { ...metadata, ...(client_secret !== undefined && { client_secret: hashToken(client_secret) }) }
}

/** The operator's rules for client metadata. */
export interface MetadataRules {
  readonly redirects: RedirectRules
  /** Throws if an address named by a stranger may not be called. */
  checkAddress(url: URL): void
}

/**
 * Adapts client metadata to this server. Programs claim more than a server supports or omit required values: drops
 * useless values, and rejects only metadata without anything usable.
 */
export function normaliseMetadata(
  metadata: Metadata,
  source: 'registered' | 'document',
  { redirects, checkAddress }: MetadataRules,
): void {
  leaveOutUseless(metadata)
  const usable = usableRedirects(metadata.redirect_uris, redirects)
  refuseKeys(metadata.jwks)
  refuseUnreachable(metadata.jwks_uri, checkAddress)
  const type = typeOf(usable)
  metadata.application_type = type
  // A custom scheme makes a client native. Native clients can have no https on this machine, and http only there.
  const fits = (uri: string) => !/^https:\/\/(localhost|127\.|\[)/.test(uri) && (!/^http:/.test(uri) || isLoopback(uri))
  metadata.redirect_uris = type === 'native' ? usable.filter(fits) : usable
  metadata.response_types = ['code']
  metadata.grant_types = ['authorization_code', 'refresh_token']
  metadata.client_name = plainName(metadata.client_name) ?? redirectHost(usable[0] as string)
  metadata.trek_source = source
  if (source === 'document') normaliseMethod(metadata)
  // It would be fetched, but has no use here.
  delete metadata.sector_identifier_uri
  delete metadata.scope
  delete metadata[CHOICE_OF_METHODS]
  delete metadata.trek_scopes
  delete metadata.trek_owner
}

function refuseKeys(jwks: unknown): void {
  const keys: unknown = (jwks as { keys?: unknown } | undefined)?.keys
  if (!Array.isArray(keys)) return
  if (keys.length > MOST_KEYS) throw new errors.InvalidClientMetadata(`jwks must hold at most ${MOST_KEYS} keys`)
  const problem = keys.map(keyFault).find((fault) => fault !== null)
  if (problem) throw new errors.InvalidClientMetadata(`each key in jwks ${problem.text}`)
}

/**
 * Rejects a key URL that can never be called. Names are resolved at the call itself: a mere registration must not cause
 * DNS queries.
 */
function refuseUnreachable(uri: unknown, checkAddress: MetadataRules['checkAddress']): void {
  const url = typeof uri === 'string' ? URL.parse(uri) : null
  if (!url) return
  try {
    checkAddress(url)
  } catch (error) {
    if (!(error instanceof TrekError)) throw error
    // Reveals no network address, not even the one sent.
    const why = error.message.replaceAll(url.hostname.replace(/\.$/, ''), 'it')
    throw new errors.InvalidClientMetadata(`jwks_uri cannot be called: ${why}. Give the keys in jwks`)
  }
}

/** The usable redirect addresses of a list; throws the reason if there are none. */
function usableRedirects(value: unknown, rules: RedirectRules): string[] {
  // This prefix makes it the error for redirect addresses (RFC 7591 section 3.2.2).
  const refuse = (why: string) => new errors.InvalidClientMetadata(`redirect_uris ${why}`)
  if (value === undefined)
    throw refuse('is missing: it must be a list of addresses like https://app.example.org/callback')
  if (!Array.isArray(value)) throw refuse('must be a list of addresses')
  const problemOf = (uri: string) => redirectProblem(uri, rules)?.text ?? null
  const problems = value.map((uri) => (typeof uri === 'string' ? problemOf(uri) : 'must be a text'))
  const usable = [...new Set<string>(value.filter((_, index) => problems[index] === null))].slice(0, MOST_REGISTERED)
  if (usable.length) return usable
  if (!value.length) throw refuse('must hold an address like https://app.example.org/callback')
  const sentences = problems.slice(0, MOST_TOLD).map((problem, index) => `the address ${index + 1} ${problem}`)
  throw refuse(`holds no address that can be used: ${sentences.join('; ')}`)
}

const MOST_KEYS = 20
const MOST_REGISTERED = 20
const MOST_TOLD = 3

/** Web pages about a program that are not used here. */
const PAGES = ['client_uri', 'logo_uri', 'policy_uri', 'tos_uri', 'initiate_login_uri']

/** Drops nulls and malformed descriptive values. */
function leaveOutUseless(metadata: Metadata): void {
  for (const [name, value] of Object.entries(metadata)) if (value === null) delete metadata[name]
  for (const name of PAGES) if (!isWebPage(metadata[name])) delete metadata[name]
  if (!Array.isArray(metadata.contacts) || !metadata.contacts.every(isMailAddress)) delete metadata.contacts
}

const isWebPage = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:\/\/[^\s/]/.test(value) && URL.canParse(value)

const isMailAddress = (value: unknown): boolean =>
  typeof value === 'string' && /^[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(value)

/**
 * The authentication method of a program described by a document. It has no secret. If its document names no method or
 * leaves the choice to the server (OpenID Connect RP Metadata Choices), it authenticates with its keys if it has some.
 */
function normaliseMethod(metadata: Metadata): void {
  if (metadata.token_endpoint_auth_method === UNSAID) {
    const choice: unknown = metadata[CHOICE_OF_METHODS]
    const hasKeys = metadata.jwks !== undefined || metadata.jwks_uri !== undefined
    const byKeys = hasKeys && Array.isArray(choice) && choice.includes('private_key_jwt')
    metadata.token_endpoint_auth_method = byKeys ? 'private_key_jwt' : 'none'
  }
  if (metadata.token_endpoint_auth_method === 'none') delete metadata.token_endpoint_auth_signing_alg
}

const typeOf = (uris: readonly string[]): 'web' | 'native' =>
  uris.some((uri) => !/^https?:/.test(uri)) ? 'native' : 'web'

/** A displayable name: one short line of visible characters. */
function plainName(name: unknown): string | null {
  if (typeof name !== 'string') return null
  const line = name.replace(/[\s\p{Z}]+/gu, ' ').replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
  return [...line.trim()].slice(0, 100).join('') || null
}

interface KnownClient {
  readonly redirectUris?: readonly string[] | undefined
  readonly [more: string]: unknown
}

/** Our additions for a client. A document cannot claim another source. */
export function particularsOf(client: KnownClient): Particulars {
  if (client.clientIdMetadataDocument) return { trek_source: 'document' }
  return {
    trek_source: client.trek_source === 'settings' ? 'settings' : 'registered',
    ...(typeof client.trek_scopes === 'string' && { trek_scopes: client.trek_scopes }),
    ...(typeof client.trek_owner === 'number' && { trek_owner: client.trek_owner }),
  }
}

/** The current client; undefined if it, or the document that describes it, is gone. */
export async function findClient(provider: Provider, id: string): Promise<Client | undefined> {
  try {
    return await provider.Client.find(id)
  } catch (error) {
    if (error instanceof errors.OIDCProviderError) return undefined
    throw error
  }
}

/** Whether this client can be redirected to this address. */
export function mayRedirect(client: KnownClient, uri: unknown, rules: RedirectRules): boolean {
  if (typeof uri !== 'string' || redirectProblem(uri, rules) !== null) return false
  const anyPath = particularsOf(client).trek_source === 'settings'
  return (client.redirectUris ?? []).some((registered) => redirectMatches(registered, uri, { anyPath }))
}

/**
 * Whether consent for one address of a client also covers another. Only for clients that their owner added: a local
 * program changes its port at each start, and `http://localhost` covers that whole machine.
 */
export function isSamePlace(client: KnownClient, before: string, now: string): boolean {
  if (before === now) return true
  if (particularsOf(client).trek_source !== 'settings') return false
  const matches = (registered: string) => (requested: string) =>
    redirectMatches(registered, requested, { anyPath: true })
  return (client.redirectUris ?? []).some((registered) => [before, now].every(matches(registered)))
}

/**
 * Whether consent must be requested every time: anything on the machine can listen in place of a local program, and a
 * self-registered one can claim any name.
 */
export const mustAsk = (client: KnownClient, redirectUri: string): boolean =>
  particularsOf(client).trek_source !== 'settings' && (isLoopback(redirectUri) || !redirectUri.startsWith('https:'))
