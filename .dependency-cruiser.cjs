/**
 * Who may import whom: one rule for each folder, at every depth. Each message is the rule. The folder says where code runs:
 * `contract` on both sides, `app`, `ui` and `web` in the browser, everything else on the server.
 */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })
const TEST = '[.]test[.]ts$'
const DECLARE = '^src/core/declare/'
const CONTRACT = '^src/(features/[^/]+|identity)/contract/'
const FRAMES = '^src/transports/live/contract[.]ts$'
const BROWSER = '^src/(app|ui)/|^src/(features/[^/]+|identity)/web/'

/** What a folder may import; of the packages everything. */
const only = (name, comment, path, allowed) =>
  forbid(name, comment, { path, pathNot: TEST }, { path: '^src/', pathNot: allowed })

module.exports = {
  forbidden: [
    forbid('no-cycles', 'Nothing imports itself, by whatever detour.', { pathNot: TEST }, { circular: true }),
    forbid(
      'declarations-stand-alone',
      'core/declare is what contracts are made of and runs in the browser: it imports zod and fractional-indexing, nothing else.',
      { path: DECLARE, pathNot: TEST },
      { path: '.', pathNot: [DECLARE, '^node_modules/(zod|fractional-indexing)/'] },
    ),
    only('data-stands-on-declarations', 'core/data imports core/declare, never core/run.', '^src/core/data/', [
      DECLARE,
      '^src/core/data/',
    ]),
    only('core-stands-alone', 'core imports no other folder of ours.', '^src/core/run/', ['^src/core/']),
    only('transports-know-core-only', 'transports import core only; they iterate the catalogue.', '^src/transports/', [
      '^src/(core|transports)/',
    ]),
    only('db-stands-on-core', 'db imports core only.', '^src/db/', ['^src/(core|db)/']),
    only(
      'adapters-stand-on-core',
      'Adapters import core, and of the configuration what concerns them; nothing else of ours.',
      '^src/adapters/',
      ['^src/(core|adapters)/', '^src/config/'],
    ),
    forbid(
      'contracts-run-in-the-browser',
      'A contract imports zod, core/declare and other contracts; nothing else.',
      { path: CONTRACT, pathNot: TEST },
      { path: '.', pathNot: [DECLARE, CONTRACT, '^node_modules/(zod|fractional-indexing)/'] },
    ),
    only(
      'features-import-server-indexes-only',
      'The server side of a feature imports core, adapters and contracts; of another feature and of identity only server/index.ts, server/hooks.ts and server/people.',
      '^src/features/([^/]+)/server/',
      [
        '^src/(core|adapters)/',
        CONTRACT,
        '^src/features/$1/server/',
        '^src/(features/[^/]+|identity)/server/(index[.]ts$|hooks[.]ts$|people/)',
      ],
    ),
    only(
      'identity-hands-over',
      'identity hands main an identify function and routes; its server side imports core, db, the configuration and contracts of its own.',
      '^src/identity/server/',
      ['^src/(core|db)/', '^src/identity/(server|contract)/', '^src/config/'],
    ),
    only(
      'ui-knows-no-feature',
      'ui imports core/declare and the frames of the live connection; nothing else of ours.',
      '^src/ui/',
      [DECLARE, FRAMES, '^src/ui/'],
    ),
    only(
      'web-stands-on-ui',
      'The screens of a feature import ui, contracts and screens of other features, never the app around them.',
      '^src/(features/[^/]+|identity)/web/',
      [DECLARE, CONTRACT, '^src/ui/', '^src/(features/[^/]+|identity)/web/'],
    ),
    only('app-stays-in-the-browser', 'The app imports ui, screens and contracts, never the server.', '^src/app/', [
      DECLARE,
      CONTRACT,
      BROWSER,
    ]),
    forbid(
      'registrations-are-for-the-app',
      'What a feature registers is read by the app alone, which hands it on through ui/registration.',
      { path: '^src/', pathNot: ['^src/app/', TEST] },
      { path: '/web/register[.]tsx?$' },
    ),
    forbid(
      'registrations-load-later',
      'A registration is loaded with the first page, so it imports pages and dialogs by import() alone; the page of trips is the first one.',
      { path: '/web/register[.]tsx?$', pathNot: '^src/features/trips/' },
      { path: '-(page|dialog)[.]tsx$', dynamic: false },
    ),
    forbid(
      'server-does-not-see-web',
      'Nothing on the server imports what runs in the browser alone.',
      { path: '^src/', pathNot: BROWSER },
      { path: BROWSER },
    ),
    forbid(
      'only-main-composes',
      'Nothing imports main.ts and the parts it is composed of.',
      { pathNot: ['^src/(main|serve|server|product)[.]ts$', '^test/', TEST] },
      { path: '^src/(main|serve|server|product)[.]ts$' },
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
