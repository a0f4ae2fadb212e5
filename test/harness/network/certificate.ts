import { generate } from 'selfsigned'

/**
 * A certificate for tests, created on demand so that none is stored and none expires. It is self-signed: only a client that
 * trusts this certificate accepts it.
 */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

const DAY = 86_400_000

/** A certificate for these names, valid from yesterday for so many days from now. */
export async function makeCertificate(names: readonly string[], days = 90): Promise<Certificate> {
  const now = Date.now()
  const { private: key, cert } = await generate([{ name: 'commonName', value: names[0] ?? '' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now + Math.min(-1, days - 1) * DAY),
    notAfterDate: new Date(now + days * DAY),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
    ],
  })
  return { key, cert }
}
