import { language } from '../../../ui/i18n.ts'

const UNITS = ['kilobyte', 'megabyte', 'gigabyte'] as const

/** 1.4 MB; what is smaller than a kilobyte counts as one, and nothing as none. */
export function sizeOf(bytes: number): string {
  const kilobytes = bytes && Math.max(1, bytes / 1024)
  const step = bytes && Math.min(Math.floor(Math.log2(kilobytes) / 10), UNITS.length - 1)
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit: UNITS[step] as string,
    unitDisplay: 'short',
    maximumFractionDigits: step > 0 ? 1 : 0,
  }).format(kilobytes / 1024 ** step)
}
