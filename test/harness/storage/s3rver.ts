import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'

export const S3RVER = { bucket: 'trek', region: 'us-east-1', accessKey: 'S3RVER', secretKey: 'S3RVER' } as const

/** A third-party stub of S3: it keeps objects in a folder, and checks requests less strictly than S3. */
export async function startS3rver(): Promise<{ url: string; close(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'trek-s3rver-'))
  const configureBuckets = [{ name: S3RVER.bucket, configs: [] }]
  const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets })
  const { port } = await server.run()
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      await server.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
