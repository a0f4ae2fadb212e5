// Written by `npm run generate` from the folders of migrations.
import type { Migrations } from './db/migrate.ts'
import { core } from './db/migrations/0001_core.ts'
import { identity } from './identity/server/migrations/0002_identity.ts'
import { mcpSessions } from './db/migrations/0003_mcp_sessions.ts'
import { trips } from './features/trips/server/migrations/0004_trips.ts'
import { days } from './features/days/server/migrations/0005_days.ts'
import { places } from './features/places/server/migrations/0006_places.ts'
import { assignments } from './features/assignments/server/migrations/0007_assignments.ts'
import { packing } from './features/packing/server/migrations/0008_packing.ts'
import { atlas } from './features/atlas/server/migrations/0009_atlas.ts'
import { audit } from './identity/server/migrations/0010_audit.ts'
import { accommodations } from './features/accommodations/server/migrations/0011_accommodations.ts'
import { reservations } from './features/reservations/server/migrations/0012_reservations.ts'
import { dayNotes } from './features/day-notes/server/migrations/0013_day_notes.ts'
import { budget } from './features/budget/server/migrations/0014_budget.ts'
import { packingMore } from './features/packing/server/migrations/0015_packing_more.ts'
import { todos } from './features/todos/server/migrations/0016_todos.ts'
import { collab } from './features/collab/server/migrations/0017_collab.ts'
import { guests } from './features/trips/server/migrations/0018_guests.ts'
import { sharing } from './features/sharing/server/migrations/0019_sharing.ts'
import { files } from './features/files/server/migrations/0020_files.ts'
import { notifications } from './features/notifications/server/migrations/0021_notifications.ts'
import { oauth } from './identity/server/migrations/0022_oauth.ts'
import { sessionHashes } from './identity/server/migrations/0023_session_hashes.ts'
import { instance } from './db/migrations/0024_instance.ts'
import { fileKeys } from './db/migrations/0025_file_keys.ts'
import { grantRedirects } from './identity/server/migrations/0026_grant_redirects.ts'
import { leases } from './db/migrations/0027_leases.ts'
import { commits } from './db/migrations/0028_commits.ts'
import { todoOrder } from './features/todos/server/migrations/0029_todo_order.ts'
import { packingOrder } from './features/packing/server/migrations/0030_packing_order.ts'
import { budgetOrder } from './features/budget/server/migrations/0031_budget_order.ts'
import { dayOrder } from './features/plan/server/migrations/0032_day_order.ts'
import { calls } from './db/migrations/0033_calls.ts'
import { clientInstances } from './db/migrations/0034_client_instances.ts'
import { mcpSleepingSessions } from './db/migrations/0035_mcp_sleeping_sessions.ts'
import { auditCounts } from './identity/server/migrations/0038_audit_counts.ts'
import { uploadSizes } from './db/migrations/0040_upload_sizes.ts'
import { tripEnds } from './features/days/server/migrations/0041_trip_ends.ts'
import { templateMakers } from './features/packing/server/migrations/0042_template_makers.ts'
import { erasure } from './db/migrations/0043_erasure.ts'
import { auditHours } from './identity/server/migrations/0044_audit_hours.ts'
import { processes } from './db/migrations/0045_processes.ts'
import { readBy } from './db/migrations/0046_read_by.ts'
import { auditSubject } from './identity/server/migrations/0047_audit_subject.ts'
import { undo } from './db/migrations/0048_undo.ts'
import { deletedTrips } from './db/migrations/0049_deleted_trips.ts'
import { erasedTo } from './db/migrations/0050_erased_to.ts'

export const MIGRATIONS: Migrations = {
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
  '0028_commits': commits,
  '0029_todo_order': todoOrder,
  '0030_packing_order': packingOrder,
  '0031_budget_order': budgetOrder,
  '0032_day_order': dayOrder,
  '0033_calls': calls,
  '0034_client_instances': clientInstances,
  '0035_mcp_sleeping_sessions': mcpSleepingSessions,
  '0038_audit_counts': auditCounts,
  '0040_upload_sizes': uploadSizes,
  '0041_trip_ends': tripEnds,
  '0042_template_makers': templateMakers,
  '0043_erasure': erasure,
  '0044_audit_hours': auditHours,
  '0045_processes': processes,
  '0046_read_by': readBy,
  '0047_audit_subject': auditSubject,
  '0048_undo': undo,
  '0049_deleted_trips': deletedTrips,
  '0050_erased_to': erasedTo,
}
