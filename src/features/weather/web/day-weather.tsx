import { useQuery } from '@tanstack/react-query'
import {
  Cloud,
  CloudDrizzle,
  CloudFog,
  CloudLightning,
  CloudRain,
  CloudSun,
  CloudSunRain,
  type LucideIcon,
  Snowflake,
  Sun,
  Thermometer,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { call } from '../../../ui/call.ts'
import { Tip } from '../../../ui/design/tooltip.tsx'
import { get_weather } from '../contract/index.ts'

type Weather = Output<typeof get_weather>['weather']

const HOUR_MS = 3_600_000

const ICONS: Record<NonNullable<Weather['sky']>, LucideIcon> = {
  clear: Sun,
  partly_cloudy: CloudSun,
  cloudy: Cloud,
  fog: CloudFog,
  drizzle: CloudDrizzle,
  rain: CloudRain,
  showers: CloudSunRain,
  snow: Snowflake,
  thunderstorm: CloudLightning,
}

/** The weather of a day at a place in a few icons; nothing if it is not known. */
export function DayWeather({ lat, lng, date }: { lat: number; lng: number; date: string }) {
  const { t } = useTranslation()
  const input = { lat, lng, date }
  const { data } = useQuery({
    queryKey: [get_weather.name, input],
    queryFn: () => call(get_weather, input),
    staleTime: HOUR_MS,
    refetchOnWindowFocus: false,
    retry: false,
  })
  if (!data) return null
  const { weather } = data
  const usual = weather.kind === 'climate_average'
  const Icon = weather.sky ? ICONS[weather.sky] : Thermometer
  const high = Math.round(weather.temperature_max)
  const low = Math.round(weather.temperature_min)
  const degrees = { min: low, max: high }
  const summary = usual
    ? t('weather.usual', degrees)
    : weather.sky
      ? t('weather.withSky', { sky: t(`weather.sky.${weather.sky}`), ...degrees })
      : t('weather.degrees', degrees)
  return (
    <Tip text={usual ? t('weather.season') : t('weather.source', { summary, source: weather.source })}>
      <p className="flex shrink-0 items-center gap-1 text-xs">
        <span className="sr-only">{summary}</span>
        <span aria-hidden="true" className="figures flex items-center gap-1 text-ink-soft">
          <Icon size={14} />
          {usual && '≈'}
          <span className="text-ink">{high}°</span>
          {low}°
        </span>
      </p>
    </Tip>
  )
}
