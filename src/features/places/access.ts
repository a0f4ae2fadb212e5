import type { Row } from '../../core/entity.ts'
import type { Viewer } from '../../core/space.ts'
import type { PlaceTag } from './contract.ts'

/** Tags are one's own: others do not even learn that a place has one. */
export const seesPlaceTag = (placeTag: Row<typeof PlaceTag>, viewer: Viewer): boolean =>
  placeTag.user_id === viewer.userId
