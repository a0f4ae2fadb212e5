import sparticuz from '@sparticuz/chromium'

/** Unpacks the browser once, before any suite starts. Two suites that unpack it at once would start an incomplete one. */
export async function setup(): Promise<void> {
  await sparticuz.executablePath()
}
