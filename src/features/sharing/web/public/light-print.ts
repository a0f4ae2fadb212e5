import { useEffect } from 'react'

/** Paper is light, so the page uses the light theme while printing. */
export function useLightPrint(): void {
  useEffect(() => {
    const { dataset } = document.documentElement
    let before: string | undefined
    const lighten = () => {
      before = dataset.theme
      dataset.theme = 'light'
    }
    const restore = () => {
      if (before) dataset.theme = before
    }
    window.addEventListener('beforeprint', lighten)
    window.addEventListener('afterprint', restore)
    return () => {
      window.removeEventListener('beforeprint', lighten)
      window.removeEventListener('afterprint', restore)
    }
  }, [])
}
