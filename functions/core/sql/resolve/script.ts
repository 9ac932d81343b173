import type { StatementAnalysis } from '../analysis.ts';
import type { Script } from '../ast/index.ts';
import type { Catalog } from '../catalog.ts';
import { Environment } from './environment.ts';
import { newSession } from './session.ts';
import { analyzeStatement, type Guard } from './statement.ts';

/** Analyzes the statements of a script one by one, each in what those before it left behind. */
export function walkScript(script: Script, catalog: Catalog, guard: Guard): StatementAnalysis[] {
  const environment = new Environment();
  let nextId = 1;
  return script.statements.map((statement) => {
    const session = newSession(catalog, {}, environment, nextId);
    const analysis = analyzeStatement(statement, session, guard);
    nextId = session.shared.nextId;
    return analysis;
  });
}
