import { type QueryCompiler, RawNode } from 'kysely'

const NOTHING = RawNode.createWithSql('')

/** A compiler of queries that keeps nothing of them: kysely's keeps the values of the last one until it gets another. */
export function forgetful(compiler: QueryCompiler): QueryCompiler {
  return {
    compileQuery(node, queryId) {
      const compiled = compiler.compileQuery(node, queryId)
      compiler.compileQuery(NOTHING, queryId)
      return compiled
    },
  }
}
