import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('places', {
  placeNotFound: {
    code: 'not_found',
    text: 'Place {{id}} is not in this trip',
    hint: 'Take the id of a place from list_places.',
  },
  placesNotFound: {
    text: {
      one: 'must name places of this trip, and {{ids}} is not one',
      other: 'must name places of this trip, and {{ids}} are not',
    },
    hint: 'Take the ids from list_places. Nothing was changed.',
  },
  nothingToChange: { code: 'invalid', text: 'Give at least one field to change besides tripId and placeIds' },
  endBeforeStart: {
    text: 'is {{end}}, before {{name}} opens at {{start}} on the same day',
    hint: 'Leave out end_time if it closes after midnight. place_time is when it opens.',
  },

  categoryNotFound: {
    code: 'not_found',
    text: 'There is no category {{id}}',
    hint: 'Take the id of a category from list_categories.',
  },
  categoryNameTaken: { code: 'conflict', text: 'There is a category named {{name}} already' },
  notCategory: { text: 'must be one of {{names}}' },
  notCategoryNear: { text: 'must be one of {{names}}', hint: 'Use {{near}} if you mean that.' },

  tagNotFound: {
    code: 'not_found',
    text: 'You have no tag {{id}}',
    hint: 'Take the id of a tag from list_tags.',
  },
  tagNameTaken: { code: 'conflict', text: 'You have a tag named {{name}} already' },
})
