/** The account tabs of the settings, loaded together. */
export { Integrations } from './integrations/integrations.tsx'
export { Profile } from './profile.tsx'
export { Security } from './security/security.tsx'
