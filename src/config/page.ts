import type { Variable } from './variable.ts'
import { VARIABLES } from './variables.ts'

/** The table as a page of Markdown. */
export function configurationPage(): string {
  const rows = Object.entries(VARIABLES as Record<string, Variable<unknown>>).map(([name, declared]) => {
    const names = declared.secret || declared.inFile ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``
    const fallback = declared.default ? `\`${declared.default}\`` : '–'
    return `| ${names} | ${fallback} | ${declared.allowed} | ${declared.description} |`
  })
  return [
    '# Configuration',
    '',
    'All settings are environment variables, and all have a default. The server does not start with an invalid value: the',
    'error names the variable. A secret can also be given as the path of a file that contains it, in `<NAME>_FILE`.',
    'Secrets are taken exactly, except for one line break at the end of such a file. A secret that begins or ends with a blank is refused.',
    '',
    '| Variable | Default | Allowed | What it does |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
