// Written by `npm run generate` from the tools of the features.

/** Published names that no tool needs yet, nor any other of the same part. */
export const SCOPES_WITHOUT_TOOLS: ReadonlySet<string> = new Set([
  'vacay:read',
  'vacay:write',
  'journey:read',
  'journey:write',
  'journey:share',
])
