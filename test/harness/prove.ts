/** Whether this is `npm run prove`, which repeats many times what `npm test` does a few times. */
export const PROVING = process.env.TREK_PROVE === '1'

/** A number of repetitions or a duration: `usual` in `npm test`, `proving` in `npm run prove`. */
export const times = (usual: number, proving: number): number => (PROVING ? proving : usual)

/** The cases to test: only the first in `npm test`, all of them in `npm run prove`. */
export const some = <T>(cases: readonly T[]): readonly T[] => (PROVING ? cases : cases.slice(0, 1))
