/** A typed time of day, "9", "930", "9.30", "9:30 pm", as `HH:MM`; null if it is not one. */
export function timeOf(text: string): string | null {
  const found = /^(\d{1,2})(?:[:.h\s]?(\d{2}))?\s*(am|pm)?$/i.exec(text.trim())
  if (!found) return null
  const [, hour = '', minute = '00', half] = found
  let hours = Number(hour)
  if (half) {
    if (hours < 1 || hours > 12) return null
    hours = (hours % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  }
  if (hours > 23 || Number(minute) > 59) return null
  return `${String(hours).padStart(2, '0')}:${minute}`
}
