import { z } from 'zod'
import { duration, flag, hostList, LOG_LEVELS, numberIn, oneOf, publicUrl, text, trustedProxies } from './values.ts'
import { variable } from './variable.ts'

/** The server itself: where it listens, where its data is, and what it writes down. */
export const SERVER = {
  PORT: variable({
    type: numberIn(0, 65_535),
    default: '3000',
    allowed: 'a port number from 0 to 65535 (0 takes a free one)',
    description: 'The port to listen on.',
  }),
  HOST: variable({
    type: text,
    allowed: 'an address of this machine, like 0.0.0.0',
    description:
      'The address to listen on. When not set: 0.0.0.0 if APP_URL is set, else 127.0.0.1, so that an instance without a public address is not reachable from outside.',
  }),
  APP_URL: variable({
    type: publicUrl,
    allowed: 'the address people open, like https://trek.example.org or https://example.org/trek',
    description:
      'The public address, including the path if TREK shares its host. It determines links, the accepted Host and Origin headers, and the address at which assistants find the server and for which their tokens are valid. With https, cookies are sent over https only. When not set, the server answers on the loopback interface.',
  }),
  ALLOWED_HOSTS: variable({
    type: hostList,
    default: '',
    allowed: 'host names separated by commas, like trek.lan,trek.example.org',
    description: 'Further host names that requests can use, besides that of APP_URL.',
  }),
  TRUST_PROXY: variable({
    type: trustedProxies,
    default: 'false',
    allowed: 'true, false, or addresses and networks separated by commas, like 10.0.0.0/8, loopback or uniquelocal',
    description:
      'Which reverse proxies are trusted to report where a request comes from. Set it behind a proxy; otherwise all people share one address and its limit of failed log-ins.',
  }),
  DATA_DIR: variable({
    type: text,
    default: './data',
    allowed: 'a folder that the server may write to',
    description:
      'The folder of the embedded database, uploaded files and the encryption key. Several servers on one database share it.',
  }),
  DATABASE_URL: variable({
    type: z.string().regex(/^postgres(ql)?:\/\/./),
    secret: true,
    allowed: 'an address like postgres://user:password@host:5432/trek',
    description: 'A PostgreSQL database. When not set, TREK uses an embedded SQLite database in DATA_DIR.',
  }),
  ENCRYPTION_KEY: variable({
    type: z.string().regex(/^[0-9a-fA-F]{64}$/),
    secret: true,
    allowed: '64 hexadecimal digits, as `openssl rand -hex 32` prints them',
    description:
      'The key from which all others are derived: those that sign web sessions, pending requests of assistants, and their refresh tokens. When not set, the first start creates one in DATA_DIR/encryption.key, readable by the server alone. Several servers on one database need the same key: a server with another key does not start. If the key is lost, start with serve --new-key.',
  }),
  LOG_LEVEL: variable({
    type: oneOf(LOG_LEVELS),
    default: 'info',
    allowed: LOG_LEVELS.join(', '),
    description: 'How much the server writes to its log.',
  }),
  AUDIT_DURATION: variable({
    type: duration,
    default: '365d',
    allowed: 'a duration like 90d',
    description:
      'How long entries of the audit log are kept. Of the entries that strangers cause, 20 of each kind are kept per hour; the rest are counted in one entry.',
  }),
  IDEMPOTENCY_DURATION: variable({
    type: duration,
    default: '30d',
    allowed: 'a duration like 7d',
    description:
      'How long the idempotency key of a write is remembered, so that a client can send the write again without repeating it.',
  }),
  DEMO_MODE: variable({
    type: flag,
    default: 'false',
    allowed: 'true or false',
    description: 'Refuses every write, for an instance that is only a demo.',
  }),
}
