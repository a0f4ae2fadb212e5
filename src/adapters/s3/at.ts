import type { Config } from '../../config/index.ts'
import { type S3Client, s3Client } from './index.ts'

/** The configuration of S3-compatible storage. */
export type S3Settings = Pick<Config, 's3Endpoint' | 's3Region' | 's3AccessKey' | 's3SecretKey' | 's3PathStyle'>

/** A client for an address like s3://bucket/some/where, and the prefix of its keys: `some/where/`, or empty. */
export function s3At(url: string, settings: S3Settings): { client: S3Client; prefix: string } {
  const { s3Endpoint, s3Region: region, s3AccessKey: accessKey, s3SecretKey: secretKey, s3PathStyle } = settings
  const [, bucket, path = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(url) ?? []
  if (!bucket) throw new Error(`${url} is no address of S3-compatible storage: it should be like s3://bucket/trek.`)
  if (!accessKey || !secretKey) throw new Error(`${url} needs S3_ACCESS_KEY and S3_SECRET_KEY; set them.`)
  const client = s3Client({
    endpoint: s3Endpoint ?? `https://s3.${region}.amazonaws.com`,
    ...{ region, accessKey, secretKey, bucket },
    pathStyle: s3PathStyle ?? s3Endpoint !== null,
  })
  return { client, prefix: path && `${path}/` }
}
