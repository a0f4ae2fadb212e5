import { useCallback, useSyncExternalStore } from 'react'

/** Whether the page is at least this wide, in pixels; the same steps as the breakpoints of the design. */
export const WIDTHS = { md: 768, lg: 1080 } as const

export function useWiderThan(step: keyof typeof WIDTHS): boolean {
  const query = `(min-width: ${WIDTHS[step]}px)`
  const listen = useCallback(
    (onChange: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', onChange)
      return () => media.removeEventListener('change', onChange)
    },
    [query],
  )
  return useSyncExternalStore(listen, () => matchMedia(query).matches)
}
