import { useTranslation } from 'react-i18next'
import type { MapInBox } from './use-map.ts'

interface Props extends Pick<MapInBox, 'box' | 'impossible'> {
  label: string
  className: string
}

/** The box of a map; shows a note if the browser cannot draw one. */
export function MapBox({ label, className, box, impossible }: Props) {
  const { t } = useTranslation()
  return (
    <section aria-label={label} className={className}>
      <div ref={box} className="size-full" />
      {impossible && (
        <p className="absolute inset-0 m-auto h-fit max-w-xs p-6 text-center text-ink-soft">{t('map.impossible')}</p>
      )}
    </section>
  )
}
