import { declareMessages } from '../../core/declare/declare-messages.ts'

/** Messages of the REST API, before an operation is called. */
export const messages = declareMessages('rest', {
  noQuery: { code: 'invalid', text: '{{operation}} takes no query: send {{name}} in the JSON body' },
  noObject: { code: 'invalid', text: 'The body must be a JSON object' },
  differsInQuery: { text: 'is {{value}} in the path, but has another value in the query' },
  differsInBody: { text: 'is {{value}} in the address, but has another value in the body' },
  differsInForm: { text: 'is {{value}} in the address, but has another value in the form' },

  noForm: {
    code: 'invalid',
    text: 'Send the file as a form',
    hint: 'Use Content-Type: multipart/form-data, with a part named file.',
  },
  fieldTwice: { text: 'is in the form twice' },
  fieldTooLong: { text: 'must be at most {{kilobytes}} KB' },
  otherFile: { text: 'is not known here', hint: 'Give the part with the file the name file.' },
  fileRequired: { text: 'is required, as a part of the form that has a file name' },
  tooManyFiles: { code: 'invalid', text: 'Send one file at a time' },
  tooManyParts: { code: 'invalid', text: 'The form has too many parts' },
  tooManyFields: { code: 'invalid', text: 'The form has too many fields' },
  brokenForm: { code: 'invalid', text: 'The form cannot be read: it is cut off or malformed' },
  beyondEnd: {
    code: 'invalid',
    text: 'The requested part is not in this file of {{size}} bytes',
    hint: 'Send a range that begins before its end, or leave out the header Range.',
  },
  contentGone: { code: 'not_found', text: 'The content of this file is no longer there' },

  notLoggedIn: {
    code: 'unauthenticated',
    text: 'Log in first',
    hint: 'Send a token as Authorization: Bearer …, or log in on the web.',
  },
  notFromApp: {
    code: 'forbidden',
    text: 'Only pages of the app can change something with its cookie',
    hint: 'Set APP_URL to the address in the browser if there is a proxy. In a program, use a token: Authorization: Bearer ….',
  },
  unknownToken: {
    code: 'unauthenticated',
    text: 'This token is unknown, was revoked, or is not meant for the API',
    hint: 'Make a token in Settings and send it as Authorization: Bearer ….',
  },
})
