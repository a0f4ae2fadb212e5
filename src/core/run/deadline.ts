/**
 * Waits for a step of the shutdown, but at most `ms`: a hanging step (a database that does not answer, a client that
 * does not read) must not keep the process alive. `late` gets the name of such a step.
 */
export async function endsWithin(
  ms: number,
  step: string,
  end: () => Promise<unknown>,
  late: (error: Error) => void,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      late(new Error(`${step} did not end within ${ms} ms and was abandoned`))
      resolve()
    }, ms)
  })
  try {
    await Promise.race([end(), tooLate])
  } catch (error) {
    late(new Error(`${step} failed while it ended`, { cause: error }))
  } finally {
    clearTimeout(timer)
  }
}
