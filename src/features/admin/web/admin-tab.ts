import type { Target } from '../../../ui/registration.ts'

/** A tab of the administration. */
export const adminTab = (tab: string): Target => ({ to: '/admin', search: { tab } })
