// Written by `npm run generate` from the files in migrations/.
import type { Migration } from './migration.ts'
import { core } from './migrations/0001_core.ts'
import { identity } from './migrations/0002_identity.ts'
import { mcpSessions } from './migrations/0003_mcp_sessions.ts'
import { trips } from './migrations/0004_trips.ts'
import { days } from './migrations/0005_days.ts'
import { places } from './migrations/0006_places.ts'
import { assignments } from './migrations/0007_assignments.ts'
import { packing } from './migrations/0008_packing.ts'
import { atlas } from './migrations/0009_atlas.ts'
import { audit } from './migrations/0010_audit.ts'
import { accommodations } from './migrations/0011_accommodations.ts'
import { reservations } from './migrations/0012_reservations.ts'
import { dayNotes } from './migrations/0013_day_notes.ts'
import { budget } from './migrations/0014_budget.ts'
import { packingMore } from './migrations/0015_packing_more.ts'
import { todos } from './migrations/0016_todos.ts'
import { collab } from './migrations/0017_collab.ts'
import { guests } from './migrations/0018_guests.ts'
import { sharing } from './migrations/0019_sharing.ts'
import { files } from './migrations/0020_files.ts'
import { notifications } from './migrations/0021_notifications.ts'
import { oauth } from './migrations/0022_oauth.ts'
import { sessionHashes } from './migrations/0023_session_hashes.ts'
import { instance } from './migrations/0024_instance.ts'
import { fileKeys } from './migrations/0025_file_keys.ts'
import { grantRedirects } from './migrations/0026_grant_redirects.ts'
import { leases } from './migrations/0027_leases.ts'

/** In order; forward only. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001_core': core,
  '0002_identity': identity,
  '0003_mcp_sessions': mcpSessions,
  '0004_trips': trips,
  '0005_days': days,
  '0006_places': places,
  '0007_assignments': assignments,
  '0008_packing': packing,
  '0009_atlas': atlas,
  '0010_audit': audit,
  '0011_accommodations': accommodations,
  '0012_reservations': reservations,
  '0013_day_notes': dayNotes,
  '0014_budget': budget,
  '0015_packing_more': packingMore,
  '0016_todos': todos,
  '0017_collab': collab,
  '0018_guests': guests,
  '0019_sharing': sharing,
  '0020_files': files,
  '0021_notifications': notifications,
  '0022_oauth': oauth,
  '0023_session_hashes': sessionHashes,
  '0024_instance': instance,
  '0025_file_keys': fileKeys,
  '0026_grant_redirects': grantRedirects,
  '0027_leases': leases,
}
