import sparticuz from '@sparticuz/chromium'

/** Unpacks the browser once, before any suite starts: two that unpack it at the same moment would start half of it. */
export async function setup(): Promise<void> {
  await sparticuz.executablePath()
}
