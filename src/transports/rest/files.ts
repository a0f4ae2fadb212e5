import { basename } from 'node:path'
import multipart from '@fastify/multipart'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isUndone } from '../../core/data/database.ts'
import { type FileStore, FileTooLarge } from '../../core/data/files.ts'
import { invalidField, TrekError } from '../../core/declare/errors.ts'
import type { Upload } from '../../core/declare/operation.ts'
import { lineOf } from '../../core/declare/values.ts'
import type { Authenticator } from '../../core/run/authentication.ts'
import { fromText } from '../../core/run/input.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'
import { problemFor, sendProblem } from '../http/index.ts'
import { admitCallers, callerOf } from './caller.ts'
import { answerHeaders, joined, particularsOf } from './input.ts'
import { messages } from './messages.ts'
import { restOperations } from './operations.ts'

interface FileParts {
  readonly pipeline: Pipeline
  readonly authenticator: Authenticator
  readonly files: FileStore
}

type Texts = Record<string, string | undefined>

/** Room for the other fields of a form besides its file. */
const FIELDS_BYTES = 64 * 1024
const FIELDS = 20

/** The operations with an upload, as forms (`multipart/form-data`, RFC 7578) with a part named `file`. */
export async function takeFiles(app: FastifyInstance, { pipeline, authenticator, files }: FileParts): Promise<void> {
  await app.register(async (scope) => {
    // Other body types are not read.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, done) => done(null))
    await scope.register(multipart, {
      throwFileSizeLimit: false,
      limits: { files: 1, fields: FIELDS, parts: FIELDS + 1, fieldSize: FIELDS_BYTES },
    })
    for (const { operation } of restOperations(pipeline)) {
      const { upload } = operation
      const status = operation.effect === 'create' ? 201 : 200
      if (upload === undefined) continue
      scope.route({
        method: operation.method,
        url: `/api${operation.path}`,
        bodyLimit: upload + FIELDS_BYTES,
        onRequest: admitCallers(authenticator),
        errorHandler: (error, request, reply) => refuse(error, upload, request, reply),
        handler: async (request, reply) => {
          const caller = callerOf(request)
          const params = fromText(operation.input, request.params as Texts)
          // A caller without access must not be able to fill the disk.
          await pipeline.admit(operation, params, caller)
          const { file, fields } = await readForm(request, files, { maxBytes: upload, userId: caller.userId })
          try {
            const input = joined(params, fromText(operation.input, fields), 'form')
            const particulars = particularsOf(request)
            const answer = await pipeline.call(operation, { ...input, file }, caller, particulars)
            // The row of the earlier call keeps its own bytes.
            if (answer.replay) await files.drop(file.key)
            return reply.code(status).headers(answerHeaders(answer)).send(answer.output)
          } catch (error) {
            // Any other error may come after the commit; unreferenced bytes are swept later.
            if (isUndone(error)) await files.drop(file.key).catch(() => {})
            throw error
          }
        },
      })
    }
  })
}

/** Answers with the limit of this operation. */
function refuse(error: FastifyError, maxBytes: number, request: FastifyRequest, reply: FastifyReply) {
  const tooLarge = error.statusCode === 413 ? new FileTooLarge(maxBytes) : error
  const problem = problemFor(tooLarge, request)
  return sendProblem(reply, tooLarge instanceof FileTooLarge ? { ...problem, status: 413 } : problem)
}

async function readForm(
  request: FastifyRequest,
  files: FileStore,
  { maxBytes, userId }: { maxBytes: number; userId: number },
) {
  if (!request.isMultipart()) {
    throw messages.noForm()
  }
  const fields: Texts = {}
  let file: Upload | null = null
  let ours: unknown
  try {
    for await (const part of request.parts({ limits: { fileSize: maxBytes + 1 } })) {
      if (part.type === 'field') {
        if (part.fieldname in fields) throw invalidField(part.fieldname, messages.fieldTwice())
        if (part.valueTruncated)
          throw invalidField(part.fieldname, messages.fieldTooLong({ kilobytes: FIELDS_BYTES / 1024 }))
        fields[part.fieldname] = String(part.value)
      } else if (part.fieldname !== 'file') {
        throw invalidField(part.fieldname, messages.otherFile())
      } else {
        const stored = await files.keep(part.file, maxBytes, userId).catch((error) => {
          // A form that is cut off fails with the error of its stream; other errors come from the disk or the record of
          // keys.
          if (error !== part.file.errored && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') ours = error
          throw error
        })
        file = { ...stored, name: nameOf(part.filename), type: part.mimetype.slice(0, 100) }
      }
    }
    if (!file) throw invalidField('file', messages.fileRequired())
    if ('file' in fields) throw invalidField('file', messages.fieldTwice())
    return { file, fields }
  } catch (error) {
    if (file) await files.drop(file.key)
    throw error === ours ? error : asRefusal(error)
  }
}

const LIMITS: Record<string, () => TrekError> = {
  FST_FILES_LIMIT: messages.tooManyFiles,
  FST_PARTS_LIMIT: messages.tooManyParts,
  FST_FIELDS_LIMIT: messages.tooManyFields,
}

/** Errors of the form reader are the sender's fault. */
function asRefusal(error: unknown): unknown {
  if (error instanceof TrekError) return error
  return (LIMITS[(error as FastifyError).code] ?? messages.brokenForm)()
}

/** The last part of a file name, without unsafe characters: senders choose it, and others see it. */
const nameOf = (name: string | undefined): string => lineOf(basename((name ?? '').replaceAll('\\', '/')), 255) || 'file'
