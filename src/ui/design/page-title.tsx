const PRODUCT = 'TREK'

/** The title of the browser tab: what the page shows, then what that belongs to, then the product. Each page has one. */
export const PageTitle = ({ of: parts }: { of: readonly (string | null | undefined)[] }) => (
  <title>{[...parts, PRODUCT].filter(Boolean).join(' · ')}</title>
)
