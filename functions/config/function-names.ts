/** The four functions: the agents' door, the approvers' pages, what the queue pushes to, and what the scheduler calls. */
export const functionNames = ['api', 'approvals', 'resume', 'sweep'] as const;
export type FunctionName = (typeof functionNames)[number];

export const isFunctionName = (name: unknown): name is FunctionName =>
  functionNames.some((known) => known === name);
