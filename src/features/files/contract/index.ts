import { z } from 'zod'
import { asSet, defaulted, entity, optional, type Row, required, secret, stored } from '../../../core/declare/entity.ts'
import { administration, Download, operation, permission, resource, Upload } from '../../../core/declare/operation.ts'
import { Id, Instant, Line, Prose } from '../../../core/declare/values.ts'
import { Done, inTrip, TRIPS_READ, Trip, trip_cover_upload } from '../../trips/contract/index.ts'
import { inSection } from '../../trips/contract/sections.ts'

const MB = 1024 * 1024

/** The largest file. */
export const FILE_BYTES = 50 * MB
/** The limit for all files of a trip together, including those in the trash. */
export const TRIP_BYTES = 1024 * MB
/** The largest cover. */
export const COVER_BYTES = 20 * MB

/** The accepted file extensions; the content of a file decides which of them it gets. */
export const ENDINGS = [
  ...['jpg', 'jpeg', 'png', 'gif', 'webp', 'heic', 'heif', 'pdf'],
  ...['doc', 'docx', 'xls', 'xlsx', 'txt', 'csv', 'md', 'markdown', 'pkpass', 'pkpasses'],
] as const

/** The picture formats that every browser shows, and so can be a cover. */
export const COVER_ENDINGS = ['jpg', 'png', 'gif', 'webp'] as const

const Links = z.array(Id).max(50)

/** A file that belongs to a trip: a ticket, a passport scan, a map. The key of its bytes is in no answer. */
export const TripFile = entity({
  name: 'trip_file',
  table: 'trip_files',
  space: 'trip',
  spaceKey: 'trip_id',
  refs: { place_ids: 'place', reservation_ids: 'reservation' },
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    name: required(Line(255)).describe('File name, with the extension that fits its content.'),
    size: stored(z.int()).describe('Size in bytes.'),
    type: stored(z.string()).describe('Media type, detected from its content.'),
    kind: stored(z.enum(['image', 'pdf', 'document', 'sheet', 'text', 'pass'])),
    description: optional(Prose(2000)).describe('Description of the file.'),
    place_ids: asSet(defaulted(Links, []).describe('Ids of the places it belongs to, from list_places.')),
    reservation_ids: asSet(defaulted(Links, []).describe('Ids of the bookings it belongs to, from list_reservations.')),
    starred: defaulted(z.boolean(), false).describe('Whether it is listed first.'),
    uploaded_by: stored(Id.nullable()),
    created_at: stored(Instant),
    deleted_at: stored(Instant.nullable()).describe('When it was put in the trash; null if it is not there.'),
    key: secret(z.string()),
  },
})
export type TripFileRow = Row<typeof TripFile>

/** A file as in answers. */
export const FileView = TripFile.row.extend({
  url: z
    .string()
    .nullable()
    .describe('Download address for members of the trip who are logged in; null when APP_URL is not set.'),
})
export type FileView = z.output<typeof FileView>

const inFile = inTrip.extend({ fileId: Id.describe('File id, from list_files.') })

export const file_upload = permission({
  name: 'file_upload',
  title: 'Upload files to a trip',
  default: 'member',
  levels: ['admin', 'owner', 'member'],
})
export const file_edit = permission({
  name: 'file_edit',
  title: 'Rename, describe and link files',
  default: 'member',
  levels: ['owner', 'member'],
})
export const file_delete = permission({
  name: 'file_delete',
  title: 'Delete files and restore them',
  default: 'member',
  levels: ['owner', 'member'],
})

export const list_files = operation({
  name: 'list_files',
  title: 'List files',
  description: 'The files of a trip, starred ones first, then newest first. Files in the trash are not included.',
  effect: 'read',
  scope: TRIPS_READ,
  route: 'GET /trips/:tripId/files',
  expose: ['rest'],
  input: inTrip,
  output: z.object({ files: z.array(FileView) }),
  pages: 'files',
  continuations: { files: inSection('files') },
})

export const upload_file = operation({
  name: 'upload_file',
  title: 'Upload a file',
  description:
    'Add a file of at most 50 MB to a trip: a picture, PDF, Word, Excel, text, CSV, Markdown or wallet pass. Its content determines its type; a name with the wrong extension gets the right one.',
  effect: 'create',
  scope: 'trips:write',
  permission: file_upload,
  route: 'POST /trips/:tripId/files',
  expose: ['rest'],
  upload: FILE_BYTES,
  input: inTrip.extend({
    file: Upload.describe('The file to upload.'),
    ...TripFile.create.omit({ name: true }).shape,
  }),
  output: z.object({ file: FileView }),
})

export const download_file = operation({
  name: 'download_file',
  title: 'Download a file',
  description: 'The content of a file of a trip.',
  effect: 'read',
  scope: TRIPS_READ,
  route: 'GET /trips/:tripId/files/:fileId/content',
  expose: ['rest'],
  download: true,
  input: inFile,
  output: z.object({ file: Download }),
})

export const update_file = operation({
  name: 'update_file',
  title: 'Change a file',
  description:
    'Rename, describe, star or link a file. Omitted fields stay unchanged; the extension of the name is kept.',
  effect: 'update',
  scope: 'trips:write',
  permission: file_edit,
  route: 'PATCH /trips/:tripId/files/:fileId',
  expose: ['rest'],
  input: inFile.extend(TripFile.patch.shape),
  output: z.object({ file: FileView }),
})

export const trash_file = operation({
  name: 'trash_file',
  title: 'Move a file to the trash',
  description: 'Move a file to the trash of the trip, where it stays until it is deleted.',
  effect: 'update',
  scope: 'trips:write',
  permission: file_delete,
  route: 'POST /trips/:tripId/files/:fileId/trash',
  expose: ['rest'],
  input: inFile,
  output: z.object({ file: FileView }),
})

export const restore_file = operation({
  name: 'restore_file',
  title: 'Restore a file',
  description: 'Take a file out of the trash again.',
  effect: 'update',
  scope: 'trips:write',
  permission: file_delete,
  route: 'POST /trips/:tripId/files/:fileId/restore',
  expose: ['rest'],
  input: inFile,
  output: z.object({ file: FileView }),
})

export const delete_file = operation({
  name: 'delete_file',
  title: 'Delete a file for good',
  description: 'Delete a file, whether it is in the trash or not. It cannot be undone.',
  effect: 'destroy',
  scope: 'trips:write',
  permission: file_delete,
  route: 'DELETE /trips/:tripId/files/:fileId',
  expose: ['rest'],
  input: inFile,
  output: Done,
})

export const list_trashed_files = operation({
  name: 'list_trashed_files',
  title: 'List the trash',
  description: 'The files in the trash of a trip, newest first.',
  effect: 'read',
  scope: TRIPS_READ,
  route: 'GET /trips/:tripId/files/trash',
  expose: ['rest'],
  input: inTrip,
  output: z.object({ files: z.array(FileView) }),
  pages: 'files',
})

export const empty_trash = operation({
  name: 'empty_trash',
  title: 'Empty the trash',
  description: 'Delete every file in the trash of a trip. It cannot be undone.',
  effect: 'destroy',
  scope: 'trips:write',
  permission: file_delete,
  route: 'DELETE /trips/:tripId/files/trash',
  expose: ['rest'],
  input: inTrip,
  output: Done.extend({ deleted: z.int().describe('Number of deleted files.') }),
})

export const upload_trip_cover = operation({
  name: 'upload_trip_cover',
  title: 'Upload a cover',
  description: 'Give a trip a picture of its own: JPEG, PNG, GIF or WebP of at most 20 MB and 12,000 pixels a side.',
  effect: 'update',
  scope: 'trips:write',
  permission: trip_cover_upload,
  ownWrites: { trips: 'The picture is the cover of the trip, for which there is a right of its own.' },
  route: 'PUT /trips/:tripId/cover',
  expose: ['rest'],
  upload: COVER_BYTES,
  input: inTrip.extend({ file: Upload.describe('The picture to upload.') }),
  output: z.object({ trip: Trip.row }),
})

export const get_cover = operation({
  name: 'get_cover',
  title: 'Get a cover',
  description: 'The cover of a trip, for anybody who has its address.',
  effect: 'read',
  scope: null,
  open: true,
  route: 'GET /covers/:name',
  expose: ['rest'],
  download: true,
  input: z.object({ name: Line(100).describe('File name: the last part of cover_image of the trip.') }),
  output: z.object({ file: Download }),
})

export const list_uploaders = operation({
  name: 'list_uploaders',
  title: 'See the storage that each person uses',
  description:
    'Bytes used by the files and covers that each person uploaded, largest first, and the limit for one person (UPLOADS_PER_USER).',
  effect: 'read',
  scope: null,
  permission: administration,
  route: 'GET /admin/uploaders',
  expose: ['rest'],
  input: z.object({}),
  output: z.object({
    max_bytes: z.int().describe('Limit for one person, in bytes (UPLOADS_PER_USER).'),
    uploaders: z.array(z.object({ user_id: Id, bytes: z.int() })),
  }),
  pages: 'uploaders',
})

export const list_unused_keys = operation({
  name: 'list_unused_keys',
  title: 'Find stored files that no row refers to',
  description: 'Which of these storage keys no row refers to. Only for maintenance of the server.',
  effect: 'read',
  scope: null,
  permission: administration,
  route: 'GET /files/unused',
  expose: [],
  input: z.object({ keys: z.array(z.string().max(100)).max(500).describe('Storage keys to check.') }),
  output: z.object({ keys: z.array(z.string()) }),
})

export const files_resource = resource({
  uri: 'trek://trips/{tripId}/files',
  title: 'Files',
  description: 'The files of a trip, without those in the trash.',
  read: list_files,
})
