import type { FastifyInstance } from 'fastify'

export async function docs(_app: FastifyInstance): Promise<void> {}
