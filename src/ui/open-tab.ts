/** The tab that the address of a page with tabs names. */
export const openTab = (given: Readonly<Record<string, unknown>>): { tab?: string } =>
  typeof given.tab === 'string' ? { tab: given.tab } : {}
