import type { Message } from '../../../core/declare/message.ts'
import { ASSISTANTS, EVERYBODY, THE_APP } from './clients.ts'
import { upstream } from './directives.ts'
import { type Check, type Found, failed } from './findings.ts'
import { bad, fix, seen } from './messages.ts'
import type { Unanswered } from './visitor.ts'

interface Says {
  readonly title: Message
  readonly fix: Message
}

const reasons = ({ hostname, host, port, protocol }: URL): Readonly<Record<string, Says>> => {
  const fromInside = fix.fromInside()
  const selfSigned = { title: bad.selfSigned(), fix: fix.selfSigned() }
  const incomplete = { title: bad.chain(), fix: fix.chain() }
  const noName = { title: bad.noName({ host: hostname }), fix: fix.noName({ host: hostname }) }
  const noWay = {
    title: bad.noWay({ host }),
    fix: fix.noWay({ port: port || (protocol === 'https:' ? '443' : '80'), fromInside }),
  }
  return {
    ENOTFOUND: noName,
    EAI_AGAIN: noName,
    ENODATA: noName,
    ECONNREFUSED: { title: bad.nothingListens({ host }), fix: fix.nothingListens({ fromInside }) },
    EHOSTUNREACH: noWay,
    ENETUNREACH: noWay,
    ETIMEDOUT: noWay,
    TIMEOUT: noWay,
    CERT_HAS_EXPIRED: { title: bad.certificateExpired(), fix: fix.certificateExpired() },
    CERT_NOT_YET_VALID: { title: bad.certificateEarly(), fix: fix.certificateEarly() },
    ERR_TLS_CERT_ALTNAME_INVALID: {
      title: bad.certificateOfOther({ host: hostname }),
      fix: fix.certificateOfOther({ host: hostname }),
    },
    DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
    SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: incomplete,
    UNABLE_TO_GET_ISSUER_CERT: incomplete,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: incomplete,
    ERR_SSL_WRONG_VERSION_NUMBER: { title: bad.noHttps({ host }), fix: fix.noHttps() },
    ECONNRESET: { title: bad.hangsUp({ host }), fix: fix.hangsUp() },
  }
}

const sawNothing = ({ asked, code, message }: Unanswered): Message =>
  code === 'TIMEOUT' ? seen.late({ asked }) : seen.failed({ asked, reason: message, code })

/** A finding about why there was no answer. */
export function unansweredFound(check: Check, error: Unanswered, base: string): Found {
  const { code } = error
  const reason = reasons(new URL(base))[code === 'EPROTO' ? 'ERR_SSL_WRONG_VERSION_NUMBER' : code]
  return failed(check, {
    ...(reason ?? { title: bad.notCalled({ address: base }), fix: fix.notCalled() }),
    saw: sawNothing(error),
    suffers: EVERYBODY,
    cause: `unanswered ${code}`,
    ...(code === 'ECONNREFUSED' && { directives: upstream(base) }),
  })
}

/** A finding for one request without an answer while others were answered. */
export const lostFound = (check: Check, error: Unanswered): Found =>
  failed(check, {
    title: bad.lost({ asked: error.asked }),
    saw: sawNothing(error),
    fix: fix.lost(),
    suffers: check === 'websocket' ? THE_APP : ASSISTANTS,
    cause: `lost ${error.code}`,
  })
