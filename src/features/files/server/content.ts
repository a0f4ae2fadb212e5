import type { FileStore } from '../../../core/data/files.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { COVER_ENDINGS, ENDINGS } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { imageSize } from './image-size.ts'
import { KINDS, type Kind, kindOfEnding, sniff } from './kinds.ts'
import { lookInto } from './look.ts'

/** Decoding a larger picture takes more memory than a phone has. */
const MOST_PIXELS_A_SIDE = 12_000

interface Kept {
  readonly key: string
  readonly name: string
  readonly size: number
}

/** The kind and name of an uploaded file; its content decides, not the sender. */
export async function identify(files: FileStore, { key, name, size }: Kept): Promise<{ kind: Kind; name: string }> {
  if (size === 0) throw invalidField('file', messages.empty())
  const ending = endingOf(name)
  if (ending && !kindOfEnding(ending)) {
    throw invalidField('file', messages.endingNotAllowed({ ending, endings: ENDINGS }))
  }
  const kind = await sniff(lookInto(files, key), size, ending)
  if (!kind) {
    const said = kindOfEnding(ending)
    throw invalidField(
      'file',
      said
        ? messages.notAsNamed({ ending, kind: said.says, endings: ENDINGS })
        : messages.kindNotAllowed({ endings: ENDINGS }),
    )
  }
  return { kind, name: withEndingOf(kind, name) }
}

/** The extension of a cover, or `invalid` if it is not a picture that every browser shows. */
export async function identifyCover(files: FileStore, { key, size }: Kept): Promise<string> {
  const look = lookInto(files, key)
  const kind = await sniff(look, size, '')
  const ending = COVER_ENDINGS.find((one) => kind?.endings[0] === one)
  if (!kind || !ending) {
    throw invalidField('file', kind ? messages.coverOfOtherKind({ kind: kind.says }) : messages.coverNoPicture())
  }
  const sides = await imageSize(look, kind.type)
  if (!sides || sides.includes(0)) throw invalidField('file', messages.coverDamaged())
  if (sides.some((side) => side > MOST_PIXELS_A_SIDE)) {
    const [width, height] = sides
    throw invalidField('file', messages.coverTooLarge({ width, height, maximum: MOST_PIXELS_A_SIDE }))
  }
  return ending
}

/** The media type of a cover by its name. */
export const typeOfCover = (name: string): string | undefined =>
  COVER_ENDINGS.some((ending) => name.endsWith(`.${ending}`)) ? kindOfEnding(endingOf(name))?.type : undefined

/** The name with the right extension: replaces the extension of another kind, otherwise adds one. */
export function withEndingOf({ endings }: Pick<Kind, 'endings'>, name: string): string {
  const ending = endingOf(name)
  if (endings.includes(ending)) return name
  const stem = ending && kindOfEnding(ending) ? name.slice(0, -ending.length - 1) : name
  return `${stem.slice(0, 255 - endings[0].length - 1)}.${endings[0]}`
}

/** The kind of a stored file. */
export const kindOfType = (type: string): Kind | undefined => KINDS.find((kind) => kind.type === type)

/** The part after the last dot, if it can be an extension: `1. Draft` has none. */
const endingOf = (name: string): string => /[^.]\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
