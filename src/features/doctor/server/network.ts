import { ASSISTANTS, EVERYBODY, THE_APP } from './clients.ts'
import { upstream } from './directives.ts'
import { type Check, type Found, failed } from './findings.ts'
import type { Unanswered } from './visitor.ts'

interface Says {
  readonly title: string
  readonly fix: string
  readonly cause?: string
}

const CHAIN =
  'Give the proxy the whole chain: the certificate, and after it those of the authorities in between (with Let’s Encrypt fullchain.pem, not cert.pem).'
const OWN_AUTHORITY =
  'Programs trust public authorities alone. Take a certificate of one, such as Let’s Encrypt; for a name inside the own network the DNS challenge gets it.'
const HAIRPIN =
  'If people elsewhere can open it, this server just cannot reach itself from inside: let the router reflect the address (hairpin NAT), or let the name lead to the proxy in your own DNS, and check again.'

const reasons = (url: URL): Readonly<Record<string, Says>> => {
  const { hostname, host } = url
  const selfSigned = { title: 'The certificate was not made by an authority that programs trust', fix: OWN_AUTHORITY }
  const incomplete = { title: 'The proxy does not send the whole chain of certificates', fix: CHAIN }
  const noName = {
    title: `The name ${hostname} has no address`,
    fix: `Make a DNS record for ${hostname} that leads to your proxy, or write the right name into APP_URL.`,
  }
  const noWay = {
    title: `There is no way to ${host} from here`,
    fix: `Let port ${url.port || (url.protocol === 'https:' ? 443 : 80)} through to the proxy in router and firewall. ${HAIRPIN}`,
  }
  return {
    ENOTFOUND: noName,
    EAI_AGAIN: noName,
    ENODATA: noName,
    ECONNREFUSED: {
      title: `Nothing listens at ${host}`,
      fix: `Start the proxy, let it listen on this port, and lead the port to it in the router. ${HAIRPIN}`,
    },
    EHOSTUNREACH: noWay,
    ENETUNREACH: noWay,
    ETIMEDOUT: noWay,
    TIMEOUT: noWay,
    CERT_HAS_EXPIRED: {
      title: 'The certificate has expired',
      fix: 'Renew it, and let the proxy load the new one (nginx and Apache: reload). Look why it was not renewed by itself.',
    },
    CERT_NOT_YET_VALID: {
      title: 'The certificate is not valid yet',
      fix: 'The clock of this server is probably wrong: let it be set over the network (NTP).',
    },
    ERR_TLS_CERT_ALTNAME_INVALID: {
      title: `The certificate is for another name than ${hostname}`,
      fix: `Get a certificate that names ${hostname}, and let the proxy use it for this name.`,
    },
    DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
    SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: incomplete,
    UNABLE_TO_GET_ISSUER_CERT: incomplete,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: incomplete,
    ERR_SSL_WRONG_VERSION_NUMBER: {
      title: `${host} does not speak https`,
      fix: 'APP_URL says https: let the proxy serve this port with a certificate, or write the port where it does into APP_URL.',
    },
    ECONNRESET: {
      title: `${host} hangs up`,
      fix: 'The proxy closes the connection without an answer. Look into its log; often the TLS settings or a firewall in front of it are the reason.',
    },
  }
}

/** Why nothing came back, as a finding. */
export function unansweredFound(check: Check, { asked, code, message }: Unanswered, base: string): Found {
  const known = reasons(new URL(base))[code === 'EPROTO' ? 'ERR_SSL_WRONG_VERSION_NUMBER' : code]
  const { title, fix } = known ?? {
    title: `${base} could not be called`,
    fix: 'Look whether the proxy runs and whether its log says why.',
  }
  return failed(check, {
    title,
    saw: code === 'TIMEOUT' ? `${asked} was not answered in time.` : `${asked} failed: ${message} (${code}).`,
    fix,
    suffers: EVERYBODY,
    cause: `unanswered ${code}`,
    ...(code === 'ECONNREFUSED' && { directives: upstream(base) }),
  })
}

/** The same for a request that nothing came back to though others were answered. */
export const lostFound = (check: Check, { asked, code, message }: Unanswered): Found =>
  failed(check, {
    title: `${asked} is not answered`,
    saw: code === 'TIMEOUT' ? `${asked} was not answered in time.` : `${asked} failed: ${message} (${code}).`,
    fix: 'Other requests are. Look into the log of the proxy for this one, and whether it has a rule of its own for this path.',
    suffers: check === 'websocket' ? THE_APP : ASSISTANTS,
    cause: `lost ${code}`,
  })
