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
 * What we add to what the authorization server knows of a client. `settings`: its owner wrote it down. `registered`: it registered
 * itself (RFC 7591). `document`: its id is the address of a document that says who it is.
 */
export interface Particulars {
  trek_source: 'settings' | 'registered' | 'document'
  /** What it may at most be granted, space-separated; only where its owner chose. */
  trek_scopes?: string
  /** The id of its owner: nobody else can be asked for anything by it. */
  trek_owner?: number
}

export const PARTICULARS = ['trek_source', 'trek_scopes', 'trek_owner'] as const

/** A property of documents that the authorization server does not know by itself. */
export const CHOICE_OF_METHODS = 'token_endpoint_auth_methods_supported'

/** What the authorization server takes it for when a program does not say how it proves who it is (RFC 7591 section 2). */
const UNSAID = 'client_secret_basic'

type Metadata = Omit<ClientMetadata, keyof Particulars> & Partial<Particulars>

/** What a client row says, as the authorization server wants to have it. The hash stands where the secret would. */
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

/** What is kept of a registration: everything but the secret, of which the hash is. */
export function registeredMetadata({ client_secret, ...metadata }: AdapterPayload): AdapterPayload {
  return { ...metadata, ...(client_secret !== undefined && { client_secret: hashToken(client_secret) }) }
}

/** What the one who runs a server decides about what programs say of themselves. */
export interface MetadataRules {
  readonly redirects: RedirectRules
  /** Throws where an address that a stranger names is not called. */
  checkAddress(url: URL): void
}

/**
 * Makes of what a program says about itself what it can be here. Programs offer more than a server has, or forget what they
 * need: what is of no use is left out, and only what leaves nothing to work with is refused.
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
  // A program's own scheme makes it native, and then it has https on no address of this machine, and http on no other one.
  const fits = (uri: string) => !/^https:\/\/(localhost|127\.|\[)/.test(uri) && (!/^http:/.test(uri) || isLoopback(uri))
  metadata.redirect_uris = type === 'native' ? usable.filter(fits) : usable
  metadata.response_types = ['code']
  metadata.grant_types = ['authorization_code', 'refresh_token']
  metadata.client_name = plainName(metadata.client_name) ?? redirectHost(usable[0] as string)
  metadata.trek_source = source
  if (source === 'document') normaliseMethod(metadata)
  // It would be fetched, and means nothing here.
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
  const problem = keys.map(keyFault).find((found) => found !== null)
  if (problem) throw new errors.InvalidClientMetadata(`each key in jwks ${problem.text}`)
}

/**
 * Refuses an address of keys that would never be called. Names are looked up for the call itself: who only registers must not make
 * this server ask around.
 */
function refuseUnreachable(uri: unknown, checkAddress: MetadataRules['checkAddress']): void {
  const url = typeof uri === 'string' ? URL.parse(uri) : null
  if (!url) return
  try {
    checkAddress(url)
  } catch (error) {
    if (!(error instanceof TrekError)) throw error
    // No address of a network is told, not even the one that was sent.
    const why = error.message.replaceAll(url.hostname.replace(/\.$/, ''), 'it')
    throw new errors.InvalidClientMetadata(`jwks_uri cannot be called: ${why}. Give the keys in jwks`)
  }
}

/** The addresses of a list to which a program can be sent back, or the reason why there is none. */
function usableRedirects(given: unknown, rules: RedirectRules): string[] {
  // With these words at the beginning, it is the error of redirect addresses (RFC 7591 section 3.2.2).
  const refuse = (why: string) => new errors.InvalidClientMetadata(`redirect_uris ${why}`)
  if (given === undefined)
    throw refuse('is missing: it must be a list of addresses like https://app.example.org/callback')
  if (!Array.isArray(given)) throw refuse('must be a list of addresses')
  const problemOf = (uri: string) => redirectProblem(uri, rules)?.text ?? null
  const problems = given.map((uri) => (typeof uri === 'string' ? problemOf(uri) : 'must be a text'))
  const usable = [...new Set<string>(given.filter((_, index) => problems[index] === null))].slice(0, MOST_REGISTERED)
  if (usable.length) return usable
  if (!given.length) throw refuse('must hold an address like https://app.example.org/callback')
  const told = problems.slice(0, MOST_TOLD).map((problem, index) => `the address ${index + 1} ${problem}`)
  throw refuse(`holds no address that can be used: ${told.join('; ')}`)
}

const MOST_KEYS = 20
const MOST_REGISTERED = 20
const MOST_TOLD = 3

/** Pages about a program that nothing here looks at. */
const PAGES = ['client_uri', 'logo_uri', 'policy_uri', 'tos_uri', 'initiate_login_uri']

/** Without what says nothing: null, and what only tells about the program in a form that cannot be read. */
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
 * How a program that is described by a document proves who it is. It has no secret, so a document that does not say how, or that
 * leaves the choice to the server (OpenID Connect RP Metadata Choices), means by its keys where it has some.
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

/** A name fit to be shown: one short line of what can be seen. */
function plainName(name: unknown): string | null {
  if (typeof name !== 'string') return null
  const line = name.replace(/[\s\p{Z}]+/gu, ' ').replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
  return [...line.trim()].slice(0, 100).join('') || null
}

interface KnownClient {
  readonly redirectUris?: readonly string[] | undefined
  readonly [more: string]: unknown
}

/** What is known of a client beyond the protocol. A document cannot say that it is something better. */
export function particularsOf(client: KnownClient): Particulars {
  if (client.clientIdMetadataDocument) return { trek_source: 'document' }
  return {
    trek_source: client.trek_source === 'settings' ? 'settings' : 'registered',
    ...(typeof client.trek_scopes === 'string' && { trek_scopes: client.trek_scopes }),
    ...(typeof client.trek_owner === 'number' && { trek_owner: client.trek_owner }),
  }
}

/** A client as it is known now; undefined where it is gone, or where the document that described it is. */
export async function findClient(provider: Provider, id: string): Promise<Client | undefined> {
  try {
    return await provider.Client.find(id)
  } catch (error) {
    if (error instanceof errors.OIDCProviderError) return undefined
    throw error
  }
}

/** Whether this client may be sent back to this address. */
export function mayRedirect(client: KnownClient, given: unknown, rules: RedirectRules): boolean {
  if (typeof given !== 'string' || redirectProblem(given, rules) !== null) return false
  const anyPath = particularsOf(client).trek_source === 'settings'
  return (client.redirectUris ?? []).some((registered) => redirectMatches(registered, given, { anyPath }))
}

/**
 * Whether a yes for one address of a client counts for another one too. It does not, but for what its owner wrote down: a program of
 * their own machine has another port at each start, and `http://localhost` stands for all of that machine.
 */
export function isSamePlace(client: KnownClient, before: string, now: string): boolean {
  if (before === now) return true
  if (particularsOf(client).trek_source !== 'settings') return false
  const matches = (registered: string) => (given: string) => redirectMatches(registered, given, { anyPath: true })
  return (client.redirectUris ?? []).some((registered) => [before, now].every(matches(registered)))
}

/**
 * Whether a person has to be asked each time, whatever they said before: anybody on the machine can listen where the program does,
 * and a program that registered itself can call itself anything.
 */
export const mustAsk = (client: KnownClient, redirectUri: string): boolean =>
  particularsOf(client).trek_source !== 'settings' && (isLoopback(redirectUri) || !redirectUri.startsWith('https:'))
