import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('files', {
  fileNotFound: {
    code: 'not_found',
    text: 'File {{id}} is not in this trip',
    hint: 'Take the id from the list of files.',
  },
  coverNotFound: { code: 'not_found', text: 'There is no such cover' },
  outsideTrip: {
    text: {
      one: 'must be in this trip, and {{ids}} is not',
      other: 'must be in this trip, and {{ids}} are not',
    },
  },

  tripFull: {
    code: 'conflict',
    text: 'There is no room for this file: all files of a trip together can take up {{maximum}} GB',
    hint: 'Delete files that nobody needs, and empty the trash, because it counts too.',
  },
  personFull: {
    code: 'conflict',
    text: 'There is no room for this file: your uploads take up {{taken}} MB of the {{maximum}} MB that each person can use',
    hint: 'Delete files that you uploaded and that nobody needs, and empty the trash of their trips, because it counts too. Or ask an administrator of this server for more room.',
  },

  empty: { text: 'is empty' },
  endingNotAllowed: {
    text: 'has a name that ends in .{{ending}}, which is not allowed',
    hint: 'Use a file with one of these endings: {{endings}}.',
  },
  notAsNamed: {
    text: 'has a name that ends in .{{ending}}, but is not {{kind}}',
    hint: 'Use a file with one of these endings: {{endings}}.',
  },
  kindNotAllowed: {
    text: 'is of a kind that is not allowed',
    hint: 'Use a file with one of these endings: {{endings}}.',
  },
  coverOfOtherKind: { text: 'must be a JPEG, PNG, GIF or WebP picture, and is {{kind}}' },
  coverNoPicture: { text: 'must be a JPEG, PNG, GIF or WebP picture' },
  coverDamaged: { text: 'is damaged: it does not say how large the picture is' },
  coverTooLarge: { text: 'must have at most {{maximum}} pixels on each side, but has {{width}} × {{height}}' },

  aJpeg: { text: 'a JPEG picture' },
  aPng: { text: 'a PNG picture' },
  aGif: { text: 'a GIF picture' },
  aWebp: { text: 'a WebP picture' },
  aHeic: { text: 'a HEIC picture' },
  aPdf: { text: 'a PDF' },
  aWordDocument: { text: 'a Word document' },
  anExcelSheet: { text: 'an Excel sheet' },
  aPass: { text: 'a wallet pass' },
  passes: { text: 'a bundle of wallet passes' },
  aText: { text: 'a text' },
  aCsv: { text: 'a CSV table' },
  aMarkdown: { text: 'a Markdown text' },
})
