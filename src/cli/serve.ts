import type { Declared } from './command.ts'

/** The one command that does not end by itself; `src/serve.ts` runs it. */
export const serveCommand: Declared = {
  name: 'serve',
  says: 'Start the server.',
  more: [
    'It makes the instance at its first start, and brings the database of an older version up to date. Ctrl-C stops it.',
  ],
  options: {
    enable: { value: 'add-on', says: 'Switch an add-on on, such as mcp. It stays on.', repeated: true },
    'new-instance': {
      says: 'Begin anew where an earlier instance has left its uploads or its key: they are set aside.',
    },
    'new-key': {
      says: 'Go on although the encryption key is lost: everybody has to log in again, and share links end.',
    },
    'without-backup': { says: 'Let a new version of TREK change the database without a backup of it before.' },
  },
  examples: ['serve --enable mcp'],
}
