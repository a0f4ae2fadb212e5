import type { Declared } from './command.ts'

/** The only command that does not end by itself. `src/serve.ts` runs it. */
export const serveCommand: Declared = {
  name: 'serve',
  says: 'Start the server.',
  more: ['The first start creates the instance. A newer version updates the database. Ctrl-C stops the server.'],
  options: {
    enable: { value: 'add-on', says: 'Switch on an add-on, such as mcp. It stays on.', repeated: true },
    'new-instance': {
      says: 'Create a new instance where an earlier one left its uploads or its key, which are set aside.',
    },
    'new-key': {
      says: 'Start although the encryption key is lost: everybody has to log in again, and share links end.',
    },
    'without-backup': { says: 'Let a new version of TREK change the database without a backup first.' },
  },
  examples: ['serve --enable mcp'],
}
