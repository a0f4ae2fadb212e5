/** Who may import whom. Each message is the rule. */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })
const TEST = '[.]test[.]ts$'
const DECLARE = '^src/core/declare/'

module.exports = {
  forbidden: [
    forbid(
      'no-cycles',
      'Nothing imports itself, by whatever detour.',
      { pathNot: TEST },
      { circular: true },
    ),
    forbid(
      'core-stands-alone',
      'core imports no other folder of ours.',
      { path: '^src/core/', pathNot: TEST },
      { path: '^src/(?!core/)' },
    ),
    forbid(
      'declarations-stand-alone',
      'core/declare is what contracts are made of and runs in the browser: it imports zod and nothing else.',
      { path: '^src/core/declare/', pathNot: TEST },
      { path: '.', pathNot: [DECLARE, '^node_modules/zod/'] },
    ),
    forbid(
      'rows-do-not-know-who-runs',
      'core/data imports core/declare, never core/run.',
      { path: '^src/core/data/', pathNot: TEST },
      { path: '^src/core/run/' },
    ),
    forbid(
      'transports-know-core-only',
      'transports import core only; they iterate the catalogue.',
      { path: '^src/transports/', pathNot: TEST },
      { path: '^src/(?!core/|transports/)' },
    ),
    forbid(
      'features-stand-on-core',
      'A feature imports core, db and adapters, of identity its people, and no transport.',
      { path: '^src/features/[^/]+/[^/]+[.]ts$', pathNot: TEST },
      { path: '^src/(transports|operator|web|cli|main|config)' },
    ),
    forbid(
      'features-meet-at-the-door',
      'A feature imports of another feature only its index.ts or contract.ts.',
      { path: '^src/features/([^/]+)/', pathNot: TEST },
      { path: '^src/features/[^/]+/', pathNot: ['^src/features/$1/', '^src/features/[^/]+/(index|contract)[.]ts$'] },
    ),
    forbid(
      'contracts-run-in-the-browser',
      'A contract imports zod, core/declare and other contracts; nothing else.',
      {
        path: '^src/(features/[^/]+|identity(/oauth)?)/(contract|log-in|person|scopes|passwords|endpoint|booking|moments|shares|consent-contract|access-contract|presets|redirects)[.]ts$',
      },
      {
        path: '.',
        pathNot: [
          DECLARE,
          '^src/(features/[^/]+|identity(/oauth)?)/(contract|log-in|person|scopes|passwords|endpoint|booking|moments|shares|consent-contract|access-contract|presets|redirects)[.]ts$',
          '^node_modules/zod/',
        ],
      },
    ),
    forbid(
      'web-sees-contracts',
      'Web code sees contracts, what contracts stand on, and web.',
      { path: '^src/(web/|features/[^/]+/web/)', pathNot: TEST },
      {
        path: '^src/',
        pathNot: [
          '^src/web/',
          '^src/features/[^/]+/web/',
          '^src/(features/[^/]+|identity(/oauth)?)/(contract|log-in|person|scopes|passwords|endpoint|booking|moments|shares|consent-contract|access-contract|presets|redirects)[.]ts$',
          DECLARE,
        ],
      },
    ),
    forbid(
      'server-does-not-see-web',
      'Nothing on the server imports web code.',
      { path: '^src/', pathNot: '/?web/' },
      { path: '^src/(web/|features/[^/]+/web/)' },
    ),
    forbid(
      'db-stands-on-core',
      'db imports core only.',
      { path: '^src/db/', pathNot: TEST },
      { path: '^src/(?!core/|db/)' },
    ),
    forbid(
      'adapters-stand-on-core',
      'Adapters import core, and of the configuration what concerns them; nothing else of ours.',
      { path: '^src/adapters/', pathNot: TEST },
      { path: '^src/(?!core/|adapters/|config[.]ts$)' },
    ),
    forbid(
      'identity-hands-over',
      'identity hands main an identify function and routes; it imports core and db, never a feature or a transport.',
      { path: '^src/identity/', pathNot: TEST },
      { path: '^src/(features|transports|web|cli|main)' },
    ),
    forbid(
      'only-main-composes',
      'Nothing imports main.ts and the parts it is composed of.',
      { pathNot: ['^src/(main|command|server|product)[.]ts$', '^test/', TEST] },
      { path: '^src/(main|command|server|product)[.]ts$' },
    ),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
