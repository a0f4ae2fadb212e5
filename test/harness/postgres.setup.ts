import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.ts'

/** One PostgreSQL server for the whole run. */
export async function setup(project: TestProject) {
  const server = await startPostgres()
  project.provide('postgres', server.url)
  return () => server.stop()
}
