import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('places', {
  placeNotFound: {
    code: 'not_found',
    text: 'Place {{id}} is not in this trip',
    hint: 'list_places lists the places with their ids.',
  },
  placesNotFound: {
    text: {
      one: 'must name places of this trip, and {{ids}} is not one',
      other: 'must name places of this trip, and {{ids}} are not',
    },
    hint: 'Nothing was changed. list_places lists the places with their ids.',
  },
  nothingToChange: { code: 'invalid', text: 'Give at least one field to change besides tripId and placeIds' },
  endBeforeStart: {
    text: 'is {{end}}, before {{name}} opens at {{start}} on the same day',
    hint: 'place_time is when it opens. Leave out end_time if it closes after midnight.',
  },

  categoryNotFound: {
    code: 'not_found',
    text: 'There is no category {{id}}',
    hint: 'list_categories lists the categories with their ids.',
  },
  categoryNameTaken: { code: 'conflict', text: 'There is a category named {{name}} already' },
  notCategory: { text: 'must be one of {{names}}' },
  notCategoryNear: { text: 'must be one of {{names}}', hint: 'Did you mean {{near}}?' },

  tagNotFound: {
    code: 'not_found',
    text: 'You have no tag {{id}}',
    hint: 'list_tags lists your tags with their ids.',
  },
  tagNameTaken: { code: 'conflict', text: 'You have a tag named {{name}} already' },
})
