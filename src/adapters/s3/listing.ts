import { outageOf } from './errors.ts'
import { keyIn, objectOf, type S3Object, type S3Upload } from './objects.ts'
import type { Wire } from './wire.ts'
import { childrenOf, textIn, Unreadable } from './xml.ts'

/** All objects with this prefix, sorted by key, page by page; with `flat`, only those without a further slash. */
export async function* listObjects(wire: Wire, prefix: string, flat: boolean): AsyncGenerator<S3Object> {
  let token: string | undefined
  do {
    const page = await wire.document({
      method: 'GET',
      key: null,
      query: {
        ...{ 'list-type': '2', 'encoding-type': 'url', 'max-keys': '1000', prefix },
        ...(flat && { delimiter: '/' }),
        ...(token !== undefined && { 'continuation-token': token }),
      },
    })
    if (page?.name !== 'ListBucketResult') throw outageOf(wire.host, new Unreadable())
    const isEncoded = textIn(page, 'EncodingType') === 'url'
    for (const element of childrenOf(page, 'Contents')) yield objectOf(element, isEncoded)
    const hasMore = textIn(page, 'IsTruncated') === 'true'
    token = hasMore ? textIn(page, 'NextContinuationToken') : undefined
    if (hasMore && !token) throw outageOf(wire.host, new Unreadable())
  } while (token)
}

/** All unfinished uploads with this prefix, page by page. */
export async function* listUploads(wire: Wire, prefix: string): AsyncGenerator<S3Upload> {
  let marker: Record<string, string> | null = {}
  while (marker) {
    const page = await wire.document({
      method: 'GET',
      key: null,
      query: { uploads: '', 'encoding-type': 'url', 'max-uploads': '1000', prefix, ...marker },
    })
    if (page?.name !== 'ListMultipartUploadsResult') throw outageOf(wire.host, new Unreadable())
    const isEncoded = textIn(page, 'EncodingType') === 'url'
    for (const element of childrenOf(page, 'Upload')) {
      const [id, began] = [textIn(element, 'UploadId') ?? '', Date.parse(textIn(element, 'Initiated') ?? '')]
      yield { key: keyIn(element, 'Key', isEncoded), id, began }
    }
    const next: Record<string, string> = {
      'key-marker': keyIn(page, 'NextKeyMarker', isEncoded),
      'upload-id-marker': textIn(page, 'NextUploadIdMarker') ?? '',
    }
    const hasMore = textIn(page, 'IsTruncated') === 'true'
    if (hasMore && !next['key-marker']) throw outageOf(wire.host, new Unreadable())
    marker = hasMore ? next : null
  }
}
