import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('sharing', {
  noLink: {
    code: 'not_found',
    text: 'This trip has no share link',
    hint: 'Call create_share_link to share the trip, once the person agrees.',
  },
  linkEnded: {
    code: 'not_found',
    text: 'This link has ended',
    hint: 'Ask the person first. Then call create_share_link without linkId to make a new link.',
  },
  nothingToSee: {
    code: 'not_found',
    text: 'This link does not show a trip, or no longer does',
    hint: 'Ask the person who sent it for a new link.',
  },
  showsMore: {
    code: 'forbidden',
    text: 'The link shows more than you can read: {{needs}}',
    hint: 'Ask the person to grant these scopes, or call create_share_link with {{without}}, or end the link with delete_share_link. Nothing was changed.',
  },
  needs: { text: '{{option}} needs {{scope}}' },
  without: { text: '{{option}} false' },

  addressUnknown: {
    text: 'This server does not know its own address (APP_URL). The link is the address at which people open TREK in a browser, followed by /shared/ and the token.',
  },
})
