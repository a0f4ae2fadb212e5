import { z } from 'zod'
import { route } from '../../core/declare/route.ts'
import { Id } from '../../core/declare/values.ts'
import { Person } from './person.ts'

const Tool = z.object({ name: z.string(), title: z.string() })
export type Tool = z.output<typeof Tool>

/** A requested scope, in words. */
const AskedScope = z.object({
  scope: z.string(),
  group: z.string().describe('The part of the product that the scope belongs to.'),
  label: z.string(),
  tools: z.array(Tool).describe('The tools that the scope unlocks.'),
})

/** The request of a program to a person. */
const ConsentRequest = z.object({
  client: z.object({
    name: z.string(),
    source: z
      .enum(['settings', 'registered', 'document'])
      .describe(
        'settings: pre-created by a person under Settings. registered: registered by itself. document: described by a document on its own site.',
      ),
    site: z
      .string()
      .nullable()
      .describe('Host of its document, where only the owner of the site can publish; null for other sources.'),
    redirect_host: z.string().describe('Where the browser is redirected to: a host, or the URL scheme of a program.'),
    redirect_uri: z.string().describe('Full address that the browser is redirected to.'),
    on_this_machine: z
      .boolean()
      .describe('Whether the redirect goes to the machine of the browser, where any program may receive it.'),
    unencrypted: z
      .boolean()
      .describe('Whether the answer goes over a private network by http, where others may read it.'),
  }),
  scopes: z.array(AskedScope),
  always: z.array(Tool).describe('The tools that every connected program can use, whatever its scopes.'),
  fixed: z.boolean().describe('Whether the scopes were chosen before and cannot be chosen again.'),
  not_yours: z
    .boolean()
    .describe('Whether somebody else pre-created the client, so that it can request access only from them.'),
  remembered: z.boolean().describe('Whether the person already consented to all of this and need not be asked.'),
  shown: z.string().describe('Digest of this request without `remembered`. Pass it to decide_consent.'),
})
export type ConsentRequest = z.output<typeof ConsentRequest>

const uid = z.string().max(100).describe('Id of the request, from the address of the page.')

/** The request's cookie, sent only to this path, ties both routes to the browser in which the request began. */
export const get_consent = route({
  name: 'get_consent',
  title: 'See what a program asks for',
  description:
    'Which program requests access, and to what. Until somebody is logged in, only the name of the program is given.',
  admits: 'anybody',
  route: 'GET /oauth/consent/:uid/request',
  input: z.object({ uid }),
  output: z.object({
    program: z.string().describe('Name that the program gives itself.'),
    user: Person.nullable().describe('The person who is logged in with this browser; null when nobody is.'),
    asked: ConsentRequest.nullable().describe('The request; null when nobody is logged in.'),
  }),
})

export const decide_consent = route({
  name: 'decide_consent',
  title: 'Answer a program that asks for access',
  description: 'Grant a program access with the chosen scopes, or refuse it. Returns where the browser goes next.',
  admits: 'person',
  route: 'POST /oauth/consent/:uid/decision',
  input: z.object({
    uid,
    user_id: Id.describe(
      'Id of the person who decided, as the page showed it. It must still be the one who is logged in.',
    ),
    shown: z.string().max(100).describe('`shown` from get_consent. Consent to anything else is refused.'),
    remembered: z
      .boolean()
      .default(false)
      .describe(
        'Whether the page answered by itself because the person need not be asked, which must still be so. Default: false.',
      ),
    allow: z.boolean(),
    scopes: z
      .array(z.string().max(50))
      .max(100)
      .default([])
      .describe('Scopes to grant, from those requested. Default: none.'),
  }),
  output: z.object({ redirect: z.string() }),
})
