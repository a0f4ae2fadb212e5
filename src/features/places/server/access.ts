import type { Viewer } from '../../../core/data/space.ts'
import type { Row } from '../../../core/declare/entity.ts'
import type { PlaceTag } from '../contract/index.ts'

/** Tags are private: others do not even learn that a place has one. */
export const seesPlaceTag = (placeTag: Row<typeof PlaceTag>, viewer: Viewer): boolean =>
  placeTag.user_id === viewer.userId
