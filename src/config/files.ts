import { bucketUrl, bytes, flag, serviceUrl, text } from './values.ts'
import { variable } from './variable.ts'

/** Uploaded files, and S3-compatible storage. */
export const FILES = {
  UPLOADS_PER_USER: variable({
    type: bytes,
    default: '5GB',
    allowed: 'a size like 500MB, 5GB or 1TB',
    description:
      'The total size of the files and covers that one person can upload, in all trips, including those in the trash. Deleted files no longer count.',
  }),
  FREE_DISK_RESERVE: variable({
    type: bytes,
    default: '500MB',
    allowed: 'a size like 500MB or 5GB; 0MB for none',
    description:
      'How much space uploads leave free on the disk of DATA_DIR, so that the database can still be written. Below it, uploads are refused.',
  }),
  FILES_URL: variable({
    type: bucketUrl,
    unrepeated: true,
    allowed: 'an address like s3://bucket or s3://bucket/trek',
    description:
      'Where uploaded files are kept: a bucket of S3-compatible storage, and optionally a prefix for their names. When not set, they are kept in the folder `files` in DATA_DIR. `trek files move` copies them from one to the other: see [files.md](files.md).',
  }),
  S3_ENDPOINT: variable({
    type: serviceUrl,
    unrepeated: true,
    allowed: 'an address like https://s3.example.org or http://minio.lan:9000',
    description:
      'The address of the S3-compatible storage. It can be on your own network, and use http where only you can listen. When not set: the Amazon endpoint for S3_REGION.',
  }),
  S3_REGION: variable({
    type: text,
    default: 'us-east-1',
    allowed: 'the name of a region, like eu-central-1; some storages want auto or garage',
    description: 'The region of the bucket. Many storages other than Amazon accept any value.',
  }),
  S3_ACCESS_KEY: variable({
    type: text,
    secret: true,
    allowed: 'the id of an access key',
    description:
      'The id of the access key for the S3-compatible storage. It needs the right to read, write, delete and list in the bucket.',
  }),
  S3_SECRET_KEY: variable({
    type: text,
    secret: true,
    allowed: 'the secret of an access key',
    description: 'The secret of S3_ACCESS_KEY.',
  }),
  S3_PATH_STYLE: variable({
    type: flag,
    allowed: 'true or false',
    description:
      'Whether the bucket is in the path of an address (https://host/bucket) and not in its host name (https://bucket.host). When not set: true if S3_ENDPOINT is set, else false.',
  }),
}
