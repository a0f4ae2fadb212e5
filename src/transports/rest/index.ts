import type { FastifyInstance } from 'fastify'
import type { FileStore } from '../../core/data/files.ts'
import { NOBODY } from '../../core/data/space.ts'
import type { Download } from '../../core/declare/operation.ts'
import { type Authenticator, STRANGERS_BODY } from '../../core/run/authentication.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'
import { admitCallers, callerOf } from './caller.ts'
import { docs } from './docs.ts'
import { sendFile } from './downloads.ts'
import { takeFiles } from './files.ts'
import { answerHeaders, inputFrom, particularsOf } from './input.ts'
import { type About, openApi } from './openapi.ts'
import { restOperations } from './operations.ts'

export interface RestParts {
  readonly pipeline: Pipeline
  readonly authenticator: Authenticator
  readonly files: FileStore
  /** The description of this server for the OpenAPI document. */
  readonly about: About
}

/** Every operation at its declared method and path under `/api`, the OpenAPI document, and a page to browse it. */
export async function rest(app: FastifyInstance, { pipeline, authenticator, files, about }: RestParts): Promise<void> {
  const operations = restOperations(pipeline)
  app.decorateRequest('caller', null)
  await takeFiles(app, { pipeline, authenticator, files })
  for (const { operation, opens } of operations) {
    if (operation.upload !== undefined) continue
    const status = operation.effect === 'create' ? 201 : 200
    app.route({
      method: operation.method,
      url: `/api${operation.path}`,
      // Authentication comes before the body is read; anonymous callers can send little.
      ...(operation.open ? { bodyLimit: STRANGERS_BODY } : { onRequest: admitCallers(authenticator) }),
      handler: async (request, reply) => {
        const caller = operation.open ? NOBODY : callerOf(request)
        const input = inputFrom(operation, request)
        const answer = await pipeline.call(operation, input, caller, particularsOf(request))
        const { output } = answer
        if (operation.download) {
          return sendFile(request, reply, opens ?? files.read, { file: output.file as Download, open: operation.open })
        }
        return reply.code(status).headers(answerHeaders(answer)).send(output)
      },
    })
  }
  // Created on the first request: it takes longer than the rest of the start.
  let document: string | undefined
  app.get('/api/openapi.json', async (_request, reply) => {
    document ??= JSON.stringify(openApi(operations, [...pipeline.parts.catalogue.entities.values()], about))
    return reply.header('cache-control', 'no-cache').type('application/json').send(document)
  })
  await docs(app)
}
