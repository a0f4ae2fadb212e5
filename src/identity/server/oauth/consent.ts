import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Client, InteractionResults, Provider } from 'oidc-provider'
import { commitAs } from '../../../core/data/commit.ts'
import type { Author, Database } from '../../../core/data/database.ts'
import type { Feed } from '../../../core/data/feed.ts'
import type { ReadTx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Input } from '../../../core/declare/operation.ts'
import type { Authenticator, Identity } from '../../../core/run/authentication.ts'
import { type ConsentRequest, decide_consent, get_consent, type Tool } from '../../contract/consent.ts'
import { User } from '../../contract/index.ts'
import { OAuthGrant } from '../../contract/oauth.ts'
import { isLoopback, isPrivateHttp, type RedirectRules, redirectHost } from '../../contract/redirects.ts'
import { SCOPES } from '../../contract/scopes.ts'
import type { Audit } from '../audit/audit.ts'
import { serve } from '../serve.ts'
import { hashToken } from '../tokens.ts'
import type { Addresses } from './addresses.ts'
import type { Particulars } from './clients.ts'
import { messages } from './messages.ts'
import { resourceOf } from './paths.ts'
import { findGrantOfRequest, noteRegistrationUsed, tieRequest } from './store.ts'

export interface ConsentParts {
  readonly database: Database
  readonly feed: Feed
  readonly authenticator: Authenticator
  readonly audit: Audit
  readonly addresses: Addresses
  readonly redirects: RedirectRules
  readonly clock: () => Date
  /** Whether assistants can connect at all. */
  isOn(): Promise<boolean>
  provider(issuer: string): Promise<Provider>
  /** The tools that a scope unlocks; for null, those that need no scope. */
  toolsOf(scope: string | null): readonly Tool[]
}

/** A request for access in this browser, and the logged-in person. */
interface Request {
  readonly uid: string
  readonly provider: Provider
  readonly client: Client
  readonly redirectUri: string
  readonly resource: string
  readonly scopes: readonly string[]
  readonly particulars: Particulars
  /** Whether an earlier consent for this address still counts. */
  countsFrom(before: string): boolean
}

/** The routes of the consent page. */
export function consentRoutes(app: FastifyInstance, parts: ConsentParts): void {
  const { authenticator, database } = parts

  serve(app, authenticator, get_consent, async ({ request: http, reply }) => {
    const request = await requestOf(parts, http, reply)
    const identity = await authenticator.identifyCookie(http.headers.cookie)
    const row = identity && (await database.read((tx) => tx.find(User, { id: identity.userId })))
    const user = row ? { user_id: row.id, username: row.username, name: row.name } : null
    const question = identity && (await describe(parts, request, identity))
    return { body: { program: nameOf(request), user, asked: question } }
  })

  serve(app, authenticator, decide_consent, async ({ input, identity, request, reply }) => {
    if (identity.userId !== input.user_id) {
      throw messages.otherPerson()
    }
    return { body: { redirect: await decide(parts, request, reply, identity, input) } }
  })
}

/** The request with this id, if it began in this browser and is still valid. Throws `not_found` or `addon_off`. */
async function requestOf(parts: ConsentParts, http: FastifyRequest, reply: FastifyReply): Promise<Request> {
  if (!(await parts.isOn())) {
    throw messages.assistantsOff()
  }
  const issuer = parts.addresses.issuerFor(http.host)
  const provider = await parts.provider(issuer)
  const begun = await provider.interactionDetails(http.raw, reply.raw).catch(() => null)
  if (begun?.uid !== (http.params as { uid: string }).uid) {
    throw messages.requestNotFound()
  }
  const { uid, params } = begun
  const { findClient, isSamePlace, mayRedirect, mustAsk, particularsOf } = await import('./clients.ts')
  const redirectUri = String(params.redirect_uri)
  const client = await findClient(provider, String(params.client_id))
  if (!client || !mayRedirect(client as never, redirectUri, parts.redirects)) {
    throw messages.programUnknown()
  }
  const particulars = particularsOf(client as never)
  const chosen = particulars.trek_scopes?.split(' ')
  // The program itself can require consent (OpenID Connect Core section 3.1.2.1).
  const asks = /\b(consent|login)\b/.test(String(params.prompt ?? ''))
  return {
    uid,
    provider,
    client,
    redirectUri,
    particulars,
    countsFrom: (before) =>
      !asks && !mustAsk(client as never, redirectUri) && isSamePlace(client as never, before, redirectUri),
    resource: resourceOf(issuer),
    scopes: String(params.scope ?? '')
      .split(' ')
      .filter((scope) => SCOPES.some((one) => one.scope === scope) && (!chosen || chosen.includes(scope))),
  }
}

const nameOf = ({ client, redirectUri }: Request): string => client.clientName ?? redirectHost(redirectUri)

async function describe(parts: ConsentParts, request: Request, { userId }: Identity): Promise<ConsentRequest> {
  const page = pageOf(parts, request, userId)
  const remembered = await parts.database.read((tx) => isRemembered(tx, request, userId))
  return { ...page, remembered, shown: digestOf(page) }
}

type ShownPage = Omit<ConsentRequest, 'remembered' | 'shown'>

/** Everything shown to the person, which their consent covers. */
function pageOf(parts: ConsentParts, request: Request, userId: number): ShownPage {
  const { client, redirectUri, scopes, particulars } = request
  const { trek_source } = particulars
  return {
    client: {
      name: nameOf(request),
      source: trek_source,
      site: trek_source === 'document' ? new URL(client.clientId).host : null,
      redirect_host: redirectHost(redirectUri),
      redirect_uri: redirectUri,
      on_this_machine: isLoopback(redirectUri) || !/^https?:/.test(redirectUri),
      unencrypted: isPrivateHttp(redirectUri),
    },
    scopes: SCOPES.filter(({ scope }) => scopes.includes(scope)).map((one) => ({
      ...one,
      tools: [...parts.toolsOf(one.scope)],
    })),
    always: [...parts.toolsOf(null)],
    fixed: trek_source === 'settings',
    not_yours: isNotFor(particulars, userId),
  }
}

const digestOf = (page: ShownPage): string => createHash('sha256').update(JSON.stringify(page)).digest('base64url')

const isNotFor = ({ trek_owner }: Particulars, userId: number): boolean =>
  trek_owner !== undefined && trek_owner !== userId

/** Whether this program already has a grant for everything it requests, with the same name and address. */
async function isRemembered(tx: ReadTx, request: Request, userId: number): Promise<boolean> {
  const { client, resource, scopes } = request
  const who = { user_id: userId, client_id: client.clientId, client_name: nameOf(request) }
  const grants = await tx.list(OAuthGrant, { ...who, kind: 'consent', resource })
  const counting = grants.filter(({ redirect_uri }) => redirect_uri !== null && request.countsFrom(redirect_uri))
  const granted = new Set(counting.flatMap((grant) => grant.scopes))
  return granted.size > 0 && scopes.every((scope) => granted.has(scope))
}

async function decide(
  parts: ConsentParts,
  http: FastifyRequest,
  reply: FastifyReply,
  identity: Identity,
  { allow, scopes, shown, remembered }: Input<typeof decide_consent>,
): Promise<string> {
  const request = await requestOf(parts, http, reply)
  const { provider, client, particulars } = request
  const note = {
    event: 'oauth_consent',
    user_id: identity.userId,
    client: client.clientName ?? client.clientId,
    ip_address: http.ip,
  }
  const finish = (result: InteractionResults) => provider.interactionResult(http.raw, reply.raw, result)
  const earlier = await findGrantOfRequest(parts.database.kysely, hashToken(request.uid))
  if (earlier && (!allow || earlier.user_id !== identity.userId)) {
    throw messages.alreadyAllowed()
  }
  if (!allow) {
    parts.audit.note({ ...note, outcome: 'denied' })
    return finish({ error: 'access_denied', error_description: 'the person said no' })
  }
  if (isNotFor(particulars, identity.userId)) {
    parts.audit.note({ ...note, outcome: 'forbidden' })
    throw messages.programOfOther()
  }
  const fixed = particulars.trek_source === 'settings'
  const granted = fixed ? request.scopes : request.scopes.filter((scope) => scopes.includes(scope))
  if (!granted.length) throw invalidField('scopes', messages.scopesNotAsked())
  if (!earlier && shown !== digestOf(pageOf(parts, request, identity.userId))) {
    throw messages.programChanged()
  }
  const id = earlier
    ? sameYes(earlier, granted)
    : await letIn(parts, request, identity, { scopes: granted, remembered })
  if (!earlier) parts.audit.note({ ...note, grant_id: `grant:${id}`, outcome: 'ok' })
  return finish({ login: { accountId: String(identity.userId), remember: false }, consent: { grantId: String(id) } })
}

/** For an answered request: the same answer returns the same grant; another choice throws. */
function sameYes({ id, scopes }: { id: number; scopes: string }, granted: readonly string[]): number {
  if ((JSON.parse(scopes) as string[]).join(' ') !== granted.join(' ')) {
    throw messages.otherScopes()
  }
  return id
}

interface Yes {
  readonly scopes: readonly string[]
  /** Whether an earlier consent was used without asking. */
  readonly remembered: boolean
}

/** The grant of a request: only one, in however many tabs the person approves. */
async function letIn(parts: ConsentParts, request: Request, identity: Identity, yes: Yes): Promise<number> {
  const db = parts.database.kysely
  const hash = hashToken(request.uid)
  const id = await insertGrant(parts, request, identity, yes)
  if (await tieRequest(db, hash, id)) return id
  const { endGrant } = await import('./adapter.ts')
  await endGrant(parts, id, decide_consent.name)
  const first = await findGrantOfRequest(db, hash)
  if (first?.user_id !== identity.userId) throw messages.requestEnded()
  return sameYes(first, yes.scopes)
}

async function insertGrant(
  parts: ConsentParts,
  request: Request,
  { userId, name, grant }: Identity,
  { scopes, remembered }: Yes,
): Promise<number> {
  const { client, redirectUri, resource } = request
  const now = parts.clock().toISOString()
  const author: Author = { user_id: userId, name, way: 'web', client: null, grant, operation: decide_consent.name }
  let id = 0
  await commitAs(parts, { space: 'user', id: userId }, author, async (tx) => {
    if (remembered && !(await isRemembered(tx, request, userId))) {
      throw messages.notAllowedBefore()
    }
    const row = await tx.insert(OAuthGrant, {
      user_id: userId,
      kind: 'consent',
      client_id: client.clientId,
      client_name: nameOf(request),
      redirect_host: redirectHost(redirectUri),
      redirect_uri: redirectUri,
      resource,
      scopes: [...scopes],
      created_at: now,
    })
    id = row.id
  })
  await noteRegistrationUsed(parts.database.kysely, client.clientId, now)
  return id
}
