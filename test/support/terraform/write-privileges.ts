// Writes the table of infra/PRIVILEGES.md from infra/privileges.json: node test/support/terraform/write-privileges.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PrivilegeRow, privilegeTable } from './grants.ts';
import { infra } from './modules.ts';

const page = join(infra, 'PRIVILEGES.md');
const { rows } = JSON.parse(readFileSync(join(infra, 'privileges.json'), 'utf8')) as { rows: PrivilegeRow[] };
const text = readFileSync(page, 'utf8');
const table = `<!-- table -->\n${privilegeTable(rows)}\n<!-- end -->`;
writeFileSync(
  page,
  text.replace(/<!-- table -->[\s\S]*?<!-- end -->/, () => table),
);
