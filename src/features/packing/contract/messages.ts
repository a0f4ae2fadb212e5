import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('packing', {
  itemNotFound: {
    code: 'not_found',
    text: 'Packing item {{id}} is not in this trip',
    hint: 'Take the id of an item from get_trip_summary.',
  },
  bagNotFound: {
    code: 'not_found',
    text: 'Packing bag {{id}} is not in this trip',
    hint: 'Take the id of a bag from list_packing_bags.',
  },
  templateNotFound: {
    code: 'not_found',
    text: 'There is no packing template {{id}}',
    hint: 'Take the id of a template from list_packing_templates.',
  },
  visibilityIsOwners: { code: 'forbidden', text: 'Only the owner of an item can change who sees it' },
  sharedOnly: { text: 'is allowed only with visibility "shared"' },
  notOthers: { text: 'must name other travellers of the trip: {{others}}' },
  noOthers: { text: 'must name other travellers of the trip, and there are none yet' },
  notMembers: { text: 'must name travellers of the trip ({{members}}), not {{strangers}}' },

  templateIsOwners: {
    code: 'forbidden',
    text: 'Only the owner of a trip can save its packing list as a template',
    hint: 'Ask the owner, or an administrator. apply_packing_template adds the items of an existing template.',
  },
  templateNotYours: {
    code: 'forbidden',
    text: 'Only the person who made a template, and administrators, can delete it',
    hint: 'Choose one of your own from list_packing_templates.',
  },
  noCommonItems: { code: 'conflict', text: 'The packing list has no common items to make a template of' },
  templateTooLong: { code: 'conflict', text: 'A template holds at most {{maximum}} items' },
  templateNameTaken: {
    code: 'conflict',
    text: 'There is a template named {{name}} already',
    hint: 'Choose another name, or delete that template first.',
  },

  tagged: { text: '{{who}} put you down for packing in “{{trip}}”' },
  andMore: { text: '{{about}} and more' },
})
