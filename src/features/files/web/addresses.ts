import { requestFor } from '../../../ui/call.ts'
import { download_file, type TripFileRow } from '../contract/index.ts'

/** The address of a file's content. */
export const contentOf = ({ id, trip_id }: Pick<TripFileRow, 'id' | 'trip_id'>): string =>
  requestFor(download_file, { tripId: trip_id, fileId: id }).url

/** A larger picture is not loaded just for a thumbnail. */
const MOST_FOR_THUMBNAIL = 12 * 1024 * 1024

/** Whether browsers show it: not all can show the pictures of an iPhone. */
export const isPicture = ({ kind, type }: Pick<TripFileRow, 'kind' | 'type'>): boolean =>
  kind === 'image' && type !== 'image/heic'

export const hasThumbnail = (file: TripFileRow): boolean => isPicture(file) && file.size <= MOST_FOR_THUMBNAIL
