import { z } from 'zod'
import { route } from '../../core/declare/route.ts'
import { Id } from '../../core/declare/values.ts'
import { Person } from './person.ts'

const Tool = z.object({ name: z.string(), title: z.string() })
export type Tool = z.output<typeof Tool>

/** A requested scope, in words. */
const AskedScope = z.object({
  scope: z.string(),
  group: z.string().describe('The part of the product it belongs to.'),
  label: z.string(),
  tools: z.array(Tool).describe('What a program can do with it: the tools it unlocks.'),
})

/** The request of a program to a person. */
const ConsentRequest = z.object({
  client: z.object({
    name: z.string(),
    source: z
      .enum(['settings', 'registered', 'document'])
      .describe('Written down by its owner, registered by itself, or described by a document on its own site.'),
    site: z.string().nullable().describe('The host of its document, which nobody else could have put there.'),
    redirect_host: z.string().describe('Where the browser goes afterwards: a host, or the scheme of a program.'),
    redirect_uri: z.string().describe('The whole address that the browser goes to afterwards.'),
    on_this_machine: z.boolean().describe('Whether that is a program on the machine of the browser, which can be any.'),
    unencrypted: z
      .boolean()
      .describe('Whether the answer goes over a private network by http, where others may read it.'),
  }),
  scopes: z.array(AskedScope),
  always: z.array(Tool).describe('What every connected program can do, whatever it is granted.'),
  fixed: z.boolean().describe('Whether the scopes were chosen before and are not to be chosen again.'),
  not_yours: z.boolean().describe('Whether somebody else wrote the program down, so that it can only ask them.'),
  remembered: z.boolean().describe('Whether the person said yes to all of it before, and need not be asked.'),
  shown: z.string().describe('A digest of all of this but `remembered`. An answer says with it what it is about.'),
})
export type ConsentRequest = z.output<typeof ConsentRequest>

const uid = z.string().max(100).describe('The id of the request, as it stands in the address of the page.')

/** The request's cookie, sent only to this path, ties both routes to the browser in which the request began. */
export const get_consent = route({
  name: 'get_consent',
  title: 'See what a program asks for',
  description: 'Who asks for access, and for what. Until somebody is logged in, only the name of the program is told.',
  admits: 'anybody',
  route: 'GET /oauth/consent/:uid/request',
  input: z.object({ uid }),
  output: z.object({
    program: z.string().describe('What the program calls itself.'),
    user: Person.nullable().describe('Who is logged in in this browser.'),
    asked: ConsentRequest.nullable().describe('Null when nobody is logged in.'),
  }),
})

export const decide_consent = route({
  name: 'decide_consent',
  title: 'Answer a program that asks for access',
  description: 'Let a program in, with what was chosen, or turn it away. Answers where the browser goes next.',
  admits: 'person',
  route: 'POST /oauth/consent/:uid/decision',
  input: z.object({
    uid,
    user_id: Id.describe('Who decided, as the page showed it: it must still be the one who is logged in.'),
    shown: z
      .string()
      .max(100)
      .describe('What was answered, as get_consent gave it: a yes to anything else is refused.'),
    remembered: z
      .boolean()
      .default(false)
      .describe('Whether the page answered by itself, as the person need not be asked: this must still be so.'),
    allow: z.boolean(),
    scopes: z.array(z.string().max(50)).max(100).default([]).describe('What is granted; some of what was asked for.'),
  }),
  output: z.object({ redirect: z.string() }),
})
