/** The tab in the address of a page. */
export const openTab = (search: Readonly<Record<string, unknown>>): { tab?: string } =>
  typeof search.tab === 'string' ? { tab: search.tab } : {}
