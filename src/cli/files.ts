import { bucketPlace, type FilesPlace, filesPlace, folderPlace } from '../adapters/files-place.ts'
import type { Config } from '../config/index.ts'
import { moveFiles } from '../files-move.ts'
import { type Command, needed, UsageError } from './command.ts'
import { counted } from './counted.ts'

/** Names the folder in DATA_DIR. */
const FOLDER = 'folder'

function placeNamed(word: string, config: Config): FilesPlace {
  if (word === FOLDER) return folderPlace(config.dataDir)
  if (!word.startsWith('s3://'))
    throw new UsageError(`${word} is neither ${FOLDER} nor an address like s3://bucket/trek.`)
  return bucketPlace(word.replace(/\/+$/, ''), config)
}

export const filesCommands: readonly Command[] = [
  {
    name: 'files move',
    copiesFiles: true,
    says: 'Copy all uploaded files to another place while no server runs, and compare them.',
    more: ['Then set FILES_URL, or remove it. If it is interrupted, run it again to continue.'],
    options: {
      to: { value: 'place', says: `The new place: s3://bucket/trek, or ${FOLDER} for DATA_DIR.`, needed: true },
      from: { value: 'place', says: 'The old place. By default the one in the settings.' },
      'delete-source': { says: 'Delete from the old place each file that is the same in the new one.' },
    },
    examples: ['files move --to s3://bucket/trek', `files move --to ${FOLDER}`],
    async run(context, values) {
      const { config, report } = context
      const to = placeNamed(needed(values, 'to'), config)
      const from = typeof values.from === 'string' ? placeNamed(values.from, config) : filesPlace(config)
      const deleteSource = values['delete-source'] === true
      try {
        const { database } = await context.product()
        const moved = await moveFiles(database, { from, to, deleteSource, report })
        return {
          json: { from: from.name, to: to.name, ...moved },
          lines: linesOf(moved, { from, to, deleteSource }, config),
        }
      } finally {
        await from.close()
        await to.close()
      }
    },
  },
]

const wordOf = ({ name, setting }: FilesPlace): string => (setting === 'DATA_DIR' ? FOLDER : name)

function linesOf(
  { copied, bytes, there, unknown, missing, deleted }: Awaited<ReturnType<typeof moveFiles>>,
  { from, to, deleteSource }: { from: FilesPlace; to: FilesPlace; deleteSource: boolean },
  config: Config,
): string[] {
  const isSet = filesPlace(config).name === to.name
  const next = to.setting === 'FILES_URL' ? `Set FILES_URL=${to.name}` : 'Remove FILES_URL from the settings'
  const hadNone = copied + there === 0
  return [
    hadNone
      ? `${from.name} contains no files of this instance.${missing ? '' : ` All that the database refers to are in ${to.name}.`}`
      : `Copied ${counted(copied, 'file')} (${Math.round(bytes / 1e5) / 10} MB) to ${to.name}. Already there: ${there}. All are the same in both places.`,
    ...(unknown
      ? [`Left in ${from.name}: ${counted(unknown, 'file')} to which this database does not refer. See docs/files.md.`]
      : []),
    ...(missing ? [`In neither place: ${counted(missing, 'file')} to which the database refers.`] : []),
    ...(deleteSource && deleted ? [`Deleted ${counted(deleted, 'file')} in ${from.name}.`] : []),
    ...(deleteSource || hadNone
      ? []
      : [
          `The files in ${from.name} are still there. trek files move --from ${wordOf(from)} --to ${wordOf(to)} --delete-source deletes them.`,
        ]),
    isSet ? 'Start the server.' : `${next}, then start the server.`,
  ]
}
