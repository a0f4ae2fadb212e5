/** The tab in the address of a page. */
export const openTab = (given: Readonly<Record<string, unknown>>): { tab?: string } =>
  typeof given.tab === 'string' ? { tab: given.tab } : {}
