import { randomUUID } from 'node:crypto'
import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client'

/** What an assistant stores about a server, and where it sent the browser. Both generations of the official client use it. */
export class Memory implements OAuthClientProvider {
  readonly redirectUrl: string
  readonly clientMetadata: OAuthClientProvider['clientMetadata']
  readonly clientMetadataUrl?: string
  client: StoredOAuthClientInformation | undefined
  kept: StoredOAuthTokens | undefined
  readonly #sentTo: { url: URL; verifier: string }[] = []
  #verifier = ''
  #answering = ''
  #discovered: OAuthDiscoveryState | undefined

  constructor(redirectUrl: string, more: { client?: StoredOAuthClientInformation; document?: string } = {}) {
    this.redirectUrl = redirectUrl
    this.clientMetadata = {
      client_name: 'Travel Assistant',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    }
    this.client = more.client
    if (more.document !== undefined) this.clientMetadataUrl = more.document
  }

  /** The oldest address to which the browser was sent, returned once. The next callback answers it. */
  sentTo(): URL {
    const address = this.#sentTo.shift()
    if (!address) throw new Error('The assistant did not send the browser anywhere')
    this.#answering = address.verifier
    return address.url
  }

  /** How many times the browser was sent away without an answer so far. */
  get unanswered(): number {
    return this.#sentTo.length
  }

  get tokensKept(): StoredOAuthTokens {
    if (!this.kept) throw new Error('The assistant has no tokens')
    return this.kept
  }

  get clientId(): string {
    return this.client?.client_id ?? ''
  }

  /** The scopes of the access token, sorted. */
  get scopes(): string[] {
    return (this.tokensKept.scope ?? '').split(' ').sort()
  }

  state = () => randomUUID()
  clientInformation = () => this.client
  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.client = client
  }
  tokens = () => this.kept
  saveTokens(tokens: StoredOAuthTokens): void {
    this.kept = tokens
  }
  redirectToAuthorization(url: URL): void {
    this.#sentTo.push({ url, verifier: this.#verifier })
  }
  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier
  }
  codeVerifier = () => this.#answering
  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovered = state
  }
  discoveryState = () => this.#discovered
  invalidateCredentials(what: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (what === 'all' || what === 'client') this.client = undefined
    if (what === 'all' || what === 'tokens') this.kept = undefined
  }
}
