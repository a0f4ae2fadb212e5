/** The tabs of the administration, loaded together. */
export { McpAccess } from './access/mcp-access.tsx'
export { Addons } from './addons.tsx'
export { AuditLog } from './audit/audit-log.tsx'
export { Permissions } from './permissions.tsx'
export { Users } from './users.tsx'
