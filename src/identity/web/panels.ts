/** The tabs of the settings that concern the account, loaded together. */
export { Integrations } from './integrations/integrations.tsx'
export { Profile } from './profile.tsx'
export { Security } from './security/security.tsx'
