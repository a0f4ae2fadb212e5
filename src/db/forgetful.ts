import { type QueryCompiler, RawNode } from 'kysely'

const NOTHING = RawNode.createWithSql('')

/** A query compiler that keeps no values: kysely's keeps those of the last query. */
export function forgetful(compiler: QueryCompiler): QueryCompiler {
  return {
    compileQuery(node, queryId) {
      const compiled = compiler.compileQuery(node, queryId)
      compiler.compileQuery(NOTHING, queryId)
      return compiled
    },
  }
}
