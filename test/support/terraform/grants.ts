import type { Declared, Json, TerraformModule } from './modules.ts';

/** One right as Terraform grants it: `terraform` is where, `account` who, in the words of infra/privileges.json. */
export type Grant = { readonly terraform: string; readonly account: string; readonly role: string };

/** Every *_iam_member of the modules. Throws where it cannot tell who gets a right: write such a grant more plainly. */
export function grantsOf(modules: Iterable<TerraformModule>): readonly Grant[] {
  return [...modules].flatMap((module) =>
    module.resources
      .filter(({ type }) => type.endsWith('_iam_member'))
      .flatMap((resource) => {
        const terraform = `${module.path} ${resource.type}.${resource.name}`;
        const { role } = resource.body;
        if (typeof role !== 'string' || role.includes('$'))
          throw new Error(`${terraform}: the role must be literal`);
        return accountsOf(module, resource, terraform).map((account) => ({ terraform, account, role }));
      }),
  );
}

/** How hcl2json writes an expression. */
const interpolated = (expression: string): string => `\${${expression}}`;

const serviceAgents: Readonly<Record<string, string>> = {
  'gcp-sa-pubsub': 'Pub/Sub itself',
  'gcp-sa-iap': 'Identity-Aware Proxy itself',
};

function accountsOf(module: TerraformModule, { body }: Declared, at: string): readonly string[] {
  const member = String(body.member);
  const agent = /@(gcp-sa-[a-z]+)\.iam\.gserviceaccount\.com$/.exec(member)?.[1];
  if (agent !== undefined) return [serviceAgents[agent] ?? agent];
  if (member.includes('google_service_account.execution[')) return ['execution'];
  if (member.includes('writer_identity')) return ['log sink'];
  if (member === interpolated('each.key')) return [listed(String(body.for_each), at)];
  if (member === `serviceAccount:${interpolated('var.accounts[each.key]')}`)
    return literals(body.for_each ?? null, at);
  if (member === `serviceAccount:${interpolated('var.accounts[each.value.function]')}`) {
    const local = /^\$\{local\.(\w+)\}$/.exec(String(body.for_each))?.[1] ?? '';
    return literals(firstList(module.locals.get(local) ?? null, at), at);
  }
  throw new Error(`${at}: cannot tell who ${member} is`);
}

const firstList = (value: Json, at: string): string => {
  const list = /setproduct\((\[[^\]]*\])/.exec(String(value))?.[1];
  if (list === undefined) throw new Error(`${at}: setproduct does not begin with a literal list`);
  return list;
};

/** `var.auditors` in a for_each: people whom the variable names. */
function listed(forEach: string, at: string): string {
  const name = /var\.(auditors|approvers)\b/.exec(forEach)?.[1];
  if (name === undefined) throw new Error(`${at}: cannot tell who ${forEach} are`);
  return name;
}

function literals(value: Json, at: string): readonly string[] {
  const text = String(value);
  if (!/^(\$\{)?(toset\()?\["[a-z]+"(, "[a-z]+")*\]/.test(text))
    throw new Error(`${at}: ${text} is no literal list of functions`);
  return [...text.matchAll(/"([a-z]+)"/g)].map((match) => match[1] ?? '');
}

export type PrivilegeRow = {
  readonly account: string;
  readonly resource: string;
  readonly role: string;
  readonly terraform: string;
  readonly why: string;
};

export const grantKey = ({ terraform, account, role }: Grant): string =>
  `${account} | ${role} | ${terraform}`;

/** The table of infra/PRIVILEGES.md: one row a resource and role, accounts together. */
export function privilegeTable(rows: readonly PrivilegeRow[]): string {
  const groups = new Map<string, PrivilegeRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.resource, row.role, row.why]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const lines = [...groups.values()].map(([row, ...more]) => {
    const { resource = '', role = '', why = '', terraform = '' } = row ?? {};
    const accounts = [row, ...more].map((each) => each?.account ?? '').join(', ');
    return `| ${accounts} | ${resource} | \`${role}\` | ${why} | \`${terraform}\` |`;
  });
  return ['| who | on what | role | why | where in Terraform |', '|---|---|---|---|---|', ...lines].join(
    '\n',
  );
}
