/** Null if the file or folder is missing. */
export const unlessMissing = <T>(result: Promise<T>): Promise<T | null> =>
  result.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
