import type { Database } from '../../core/data/database.ts'
import type { Caller } from '../../core/data/space.ts'
import type { Row } from '../../core/declare/entity.ts'
import { invalidField } from '../../core/declare/errors.ts'
import { keyOf } from '../../core/declare/message.ts'
import { implement, prepared } from '../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { change_password, StaticToken, User, WebSession } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { endAccess, setPassword } from './accounts.ts'
import type { AttemptLimiter } from './attempt-limiter.ts'
import { deviceOf } from './devices.ts'
import type { Passwords } from './passwords.ts'
import { findPassword, listWebSessions } from './store.ts'
import { MOST_TOKENS, mintToken } from './tokens.ts'

export interface HandlerParts {
  readonly database: Database
  readonly attempts: AttemptLimiter
  readonly passwords: Passwords
}

/** A program with a token must not be able to create more tokens or lock out its owner. */
export function refusePrograms(caller: Caller): void {
  if (caller.way === 'web' || caller.way === 'cli') return
  throw messages.personOnly()
}

function cardOf({ user_id: _, ...card }: Row<typeof StaticToken>) {
  return card
}

export const identityHandlers = ({ database, attempts, passwords }: HandlerParts) =>
  implement(contract, {
    get_me: async ({ tx, caller }) => ({ user: orGone(await tx.find(User, { id: caller.userId })) }),

    update_me: async ({ tx, caller, input, now }) => {
      const user = orGone(await tx.find(User, { id: caller.userId }))
      return { user: input.name === undefined ? user : await tx.patch(User, user, { ...input, updated_at: now }) }
    },

    change_password: prepared(change_password, {
      prepare: async (input, caller) => {
        refusePrograms(caller)
        // Separate from logins, and for this session only: attempts of others must not prevent a password change.
        const here = `${caller.userId} ${caller.grant}`
        await attempts.consume('password', here)
        const hash = await findPassword(database.kysely, caller.userId)
        if (!hash || !(await passwords.verify({ hash, password: input.current_password }))) {
          throw invalidField('current_password', messages.notYourPassword())
        }
        if (input.new_password === input.current_password) {
          throw invalidField('new_password', messages.samePassword())
        }
        await attempts.forget('password', here)
        return passwords.hash(input.new_password)
      },
      handle: async ({ tx, caller, prepared: passwordHash, now }) => {
        await setPassword(tx, caller.userId, passwordHash, now)
        await endAccess(tx, caller.userId, caller.grant)
        return { success: true }
      },
    }),

    list_sessions: async ({ tx, caller, now }) => {
      const sessions = await listWebSessions(tx, caller.userId, now)
      return {
        sessions: sessions.map(({ user_agent, last_used_at, ...session }) => ({
          ...session,
          device: deviceOf(user_agent).text,
          device_message: keyOf(deviceOf(user_agent)),
          ip_address: session.ip_address || null,
          last_used_at: last_used_at ?? session.created_at,
          current: `session:${session.id}` === caller.grant,
        })),
      }
    },

    revoke_session: async ({ tx, caller, input }) => {
      const session = await tx.find(WebSession, { id: input.sessionId, user_id: caller.userId })
      if (!session) throw messages.sessionNotFound({ id: input.sessionId })
      await tx.remove(WebSession, session)
      return { success: true }
    },

    list_static_tokens: async ({ tx, caller }) => ({
      tokens: (await tx.list(StaticToken, { user_id: caller.userId }, ['id desc'])).map(cardOf),
    }),

    create_static_token: async ({ tx, caller, input, now }) => {
      refusePrograms(caller)
      if ((await tx.count(StaticToken, { user_id: caller.userId })) >= MOST_TOKENS) {
        throw messages.tooManyTokens({ count: MOST_TOKENS })
      }
      const { token, prefix, hash } = mintToken()
      const row = await tx.insert(StaticToken, { ...input, user_id: caller.userId, prefix, hash, created_at: now })
      return { static_token: cardOf(row), token }
    },

    revoke_static_token: async ({ tx, caller, input }) => {
      const token = await tx.find(StaticToken, { id: input.tokenId, user_id: caller.userId })
      if (!token) throw messages.tokenNotFound({ id: input.tokenId })
      await tx.remove(StaticToken, token)
      return { success: true }
    },
  })

function orGone<T>(row: T | null): T {
  if (!row) throw messages.accountGone()
  return row
}
