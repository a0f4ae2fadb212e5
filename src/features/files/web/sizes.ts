import { language } from '../../../ui/i18n.ts'

const UNITS = ['kilobyte', 'megabyte', 'gigabyte'] as const

/** 1.4 MB, in the decimal units of browsers and disks; less than a kilobyte counts as one, and nothing as none. */
export const sizeOf = (bytes: number): string => inUnits(bytes, 1000)

/** The same for limits and what counts against them: limits are powers of two, so a limit set as 1GB shows as 1 GB. */
export const roomOf = (bytes: number): string => inUnits(bytes, 1024)

function inUnits(bytes: number, base: number): string {
  const kilobytes = bytes && Math.max(1, bytes / base)
  const step = UNITS.findLastIndex((_, power) => kilobytes >= base ** power)
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit: UNITS[Math.max(0, step)] as string,
    unitDisplay: 'short',
    maximumFractionDigits: step > 0 ? 1 : 0,
  }).format(kilobytes / base ** Math.max(0, step))
}
