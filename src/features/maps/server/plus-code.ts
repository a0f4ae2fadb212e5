const DIGITS = '23456789CFGHJMPQRVWX'
const PAIRS = 10
const FULL = /^[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,7}$/

/** The middle of the area of a full plus code (Open Location Code), or null; short codes need a town, and give null. */
export function positionOfPlusCode(text: string): { lat: number; lng: number } | null {
  const code = text.toUpperCase()
  if (!FULL.test(code)) return null
  const digits = [...code.replace('+', '')].map((digit) => DIGITS.indexOf(digit))
  let [lat, lng, height, width] = [-90, -180, 400, 400]
  for (let i = 0; i < PAIRS; i += 2) {
    height /= 20
    width /= 20
    lat += (digits[i] as number) * height
    lng += (digits[i + 1] as number) * width
  }
  // After the pairs, each digit picks one of five rows and four columns.
  for (const digit of digits.slice(PAIRS)) {
    height /= 5
    width /= 4
    lat += Math.floor(digit / 4) * height
    lng += (digit % 4) * width
  }
  if (lat >= 90 || lng >= 180) return null
  return { lat: rounded(lat + height / 2), lng: rounded(lng + width / 2) }
}

const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6
