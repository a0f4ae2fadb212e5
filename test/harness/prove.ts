/** Whether this is `npm run prove`: what `npm test` does a few times is done until it can be believed. */
export const PROVING = process.env.TREK_PROVE === '1'

/** How often something is done, or how long it may take: in `npm test`, and in `npm run prove`. */
export const times = (usual: number, proving: number): number => (PROVING ? proving : usual)

/** What of several is tried: the first one in `npm test`, and all of them in `npm run prove`. */
export const some = <T>(all: readonly T[]): readonly T[] => (PROVING ? all : all.slice(0, 1))
