import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/**
 * Certificates for tests (RFC 5280), made here so that none is kept and none expires: signed by themselves, and therefore good
 * for nobody who does not trust just this one.
 */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

const tagged = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const sequence = (...parts: readonly Buffer[]) => tagged(0x30, ...parts)
const identifier = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'))
const octets = (body: Buffer) => tagged(0x04, body)
const moment = (date: Date) => tagged(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))

const ECDSA_WITH_SHA256 = sequence(identifier('2a8648ce3d040302'))
const nameOf = (name: string) => sequence(tagged(0x31, sequence(identifier('550403'), tagged(0x0c, Buffer.from(name)))))
const TRUE = tagged(0x01, Buffer.from([255]))

const DAY = 86_400_000

/** A certificate for these names, valid from yesterday until so many days from now. */
export function makeCertificate(names: readonly string[], days = 90): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const subject = nameOf(names[0] ?? '')
  const alternatives = sequence(...names.map((name) => tagged(0x82, Buffer.from(name))))
  const keyId = createHash('sha1').update(spki).digest()
  const certificate = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    subject,
    sequence(
      moment(new Date(Date.now() + Math.min(-DAY, (days - 1) * DAY))),
      moment(new Date(Date.now() + days * DAY)),
    ),
    subject,
    spki,
    tagged(
      0xa3,
      sequence(
        sequence(identifier('551d11'), octets(alternatives)),
        sequence(identifier('551d13'), TRUE, octets(sequence(TRUE))),
        sequence(identifier('551d0e'), octets(octets(keyId))),
      ),
    ),
  )
  const signature = sign('sha256', certificate, privateKey)
  const whole = sequence(certificate, ECDSA_WITH_SHA256, tagged(0x03, Buffer.from([0]), signature))
  const lines = whole
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')
    .trimEnd()
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}
