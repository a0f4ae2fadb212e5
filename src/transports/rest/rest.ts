import type { FastifyInstance } from 'fastify'
import type { BoundOperation } from '../../core/catalogue.ts'
import type { Door } from '../../core/door.ts'
import type { Pipeline } from '../../core/pipeline.ts'
import { callerFrom } from './caller.ts'
import { docs } from './docs.ts'
import { inputFrom } from './input.ts'
import { type About, openApi } from './openapi.ts'

export interface RestParts {
  readonly pipeline: Pipeline
  readonly door: Door
  /** What the OpenAPI document says of this server. */
  readonly about: About
}

/** The operations a program or the app can call under `/api`. */
export const restOperations = (pipeline: Pipeline): BoundOperation[] =>
  [...pipeline.parts.catalogue.operations.values()].filter(({ operation }) => operation.ways.includes('rest'))

/** Every operation at its declared method and path under `/api`, the OpenAPI document, and a page to browse it. */
export async function rest(app: FastifyInstance, { pipeline, door, about }: RestParts): Promise<void> {
  const operations = restOperations(pipeline)
  for (const { operation } of operations) {
    const status = operation.effect === 'create' ? 201 : 200
    app.route({
      method: operation.method,
      url: `/api${operation.path}`,
      handler: async (request, reply) => {
        const caller = await callerFrom(request, door)
        const output = await pipeline.run(operation, inputFrom(operation, request), caller)
        return reply.code(status).header('cache-control', 'no-store').send(output)
      },
    })
  }
  const document = JSON.stringify(openApi(operations, [...pipeline.parts.catalogue.entities.values()], about))
  app.get('/api/openapi.json', async (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('application/json').send(document),
  )
  await docs(app)
}
