import type { Job } from '../../../core/run/feature.ts'
import { send_reminders } from '../contract/index.ts'

/** No reminders at night. */
const FROM_HOUR = 8

/** Runs every hour, and also sends what fell due while the server was down. */
export const reminders: Job = {
  name: 'send reminders',
  everySeconds: 3600,
  byAge: true,
  async run({ now, run }) {
    if (now.getHours() < FROM_HOUR) return
    await run(send_reminders, { today: localDate(now) })
  },
}

function localDate(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
