import type { OutputLineage, StatementAnalysis } from '../../analysis.ts';
import type { Script, Statement } from '../../ast/index.ts';
import type { ForInStatement, ScriptStatement } from '../../ast/script.ts';
import { isScript } from '../../ast/statement-kinds.ts';
import type { Catalog } from '../../catalog.ts';
import type { SqlType } from '../../types.ts';
import type { Draft } from '../draft.ts';
import {
  countExpansion,
  type DeclaredParameters,
  newColumn,
  newSession,
  newTally,
  type Session,
  type Tally,
} from '../session.ts';
import { analyzeWithDraft, type Guard } from '../statement.ts';
import { applyEffects } from './effects.ts';
import { addSources, Environment, type SourceSet, variableOf } from './environment.ts';
import { runInside } from './inside.ts';

/** How a text's failures become values: one guard for each text that is looked into. */
export type GuardFor = (text: string) => Guard;

/** What a script is analyzed against: names, the types of its parameters. */
export type World = {
  readonly catalog: Catalog;
  readonly declared: DeclaredParameters;
  readonly guardFor: GuardFor;
};

/** Analyzes the statements of a script one by one, each in what those before it left behind. */
export function walkScript(text: string, script: Script, world: World): StatementAnalysis[] {
  const walk = new ScriptWalk(world, new Environment());
  walk.statements(script.statements, world.guardFor(text));
  return walk.analyses;
}

/** One pass through statements in the order in which they may run. */
export class ScriptWalk {
  readonly world: World;
  readonly environment: Environment;
  readonly analyses: StatementAnalysis[] = [];
  /** texts and routines that are being run inside, outermost first */
  readonly running: readonly string[];
  /** shared with the walks inside of this one */
  readonly tally: Tally;

  constructor(world: World, environment: Environment, running: readonly string[] = [], tally = newTally()) {
    this.world = world;
    this.environment = environment;
    this.running = running;
    this.tally = tally;
  }

  statements(list: readonly Statement[], guard: Guard): void {
    for (const statement of list) this.#one(statement, guard);
  }

  /** A walk through a text that runs inside of this one: it sees and changes the same things. */
  inside(name: string): ScriptWalk {
    const running = [...this.running, name];
    return new ScriptWalk({ ...this.world, declared: {} }, this.environment, running, this.tally);
  }

  session(): Session {
    return newSession(this.world.catalog, this.world.declared, this.environment, this.tally);
  }

  #one(statement: Statement, guard: Guard): void {
    switch (statement.kind) {
      case 'HintedStatement':
      case 'ExplainStatement':
        this.#one(statement.statement, guard);
        return;
      case 'WhileStatement':
      case 'RepeatStatement':
        this.#untilSettled(statement, guard, () => {
          this.#analyze(statement, guard);
          this.#block(statement.statements, guard);
        });
        return;
      case 'ForInStatement':
        this.#untilSettled(statement, guard, () => this.#for(statement, guard));
        return;
      case 'BeginEndBlock':
        this.#analyze(statement, guard);
        this.environment.enterBlock();
        this.statements(statement.statements, guard);
        this.environment.leaveBlock();
        this.#block(statement.handler?.statements ?? [], guard);
        return;
      case 'IfStatement':
      case 'CaseStatement':
        this.#analyze(statement, guard);
        for (const branch of statement.branches) this.#block(branch.statements, guard);
        this.#block(statement.else ?? [], guard);
        return;
      default:
        this.#analyze(statement, guard);
    }
  }

  #block(list: readonly Statement[], guard: Guard): void {
    this.environment.enterBlock();
    this.statements(list, guard);
    this.environment.leaveBlock();
  }

  /** A loop's body may see what it assigned itself: it is read again until no lineage is new. */
  #untilSettled({ span }: Statement, guard: Guard, pass: () => void): void {
    const from = this.analyses.length;
    for (;;) {
      const before = this.environment.weight();
      this.analyses.length = from;
      pass();
      if (this.environment.weight() === before) return;
      const refusal = guard(() => countExpansion(this.tally, span.end - span.start));
      if (refusal === undefined) continue;
      const loop = this.analyses[from];
      if (loop !== undefined) this.analyses[from] = { ...loop, refusals: [refusal] };
      return;
    }
  }

  #analyze(statement: Statement, guard: Guard): Draft | undefined {
    const session = this.session();
    const { analysis, draft } = analyzeWithDraft(statement, session, guard);
    let complete = analysis;
    if (analysis.refusals.length === 0) {
      applyEffects(statement, draft, session, this.environment);
      if (isScript(statement)) this.#assign(statement, draft, session);
      complete = runInside(this, statement, analysis, draft, guard);
    }
    this.analyses.push(complete);
    return analysis.refusals.length === 0 ? draft : undefined;
  }

  #for(statement: ForInStatement, guard: Guard): void {
    const draft = this.#analyze(statement, guard);
    this.environment.enterBlock();
    if (draft) this.#declareRow(statement, draft.values);
    this.statements(statement.statements, guard);
    this.environment.leaveBlock();
  }

  #declareRow(statement: ForInStatement, columns: readonly OutputLineage[]): void {
    const type: SqlType = {
      kind: 'struct',
      fields: columns.map((c) => ({ name: c.name, type: c.type })),
    };
    const session = this.session();
    const column = newColumn(session, statement.variable.name, type);
    const fields = new Map<string, SourceSet>();
    const all: SourceSet = new Map();
    for (const { name, sources } of columns) {
      const set: SourceSet = new Map();
      addSources(set, sources);
      addSources(all, sources);
      fields.set(name.toLowerCase(), set);
    }
    this.environment.declare({ name: statement.variable.name, column, sources: all, fields });
  }

  #assign(statement: ScriptStatement, draft: Draft, session: Session): void {
    const [value] = draft.values;
    switch (statement.kind) {
      case 'VariableDeclaration':
        for (const { name } of statement.names) {
          const type = draft.declared ?? value?.type;
          if (type === undefined) continue;
          const variable = variableOf(name, newColumn(session, name, type));
          addSources(variable.sources, value?.sources ?? []);
          this.environment.declare(variable);
        }
        return;
      case 'SingleAssignment':
        this.environment.assign(statement.variable.name, value?.sources ?? []);
        return;
      case 'AssignmentFromStruct':
        for (const { name } of statement.variables) this.environment.assign(name, value?.sources ?? []);
        return;
      default:
        return;
    }
  }
}
