import { address, email, first, isoDate, last, ssn } from './people.ts';
import type { Random } from './random.ts';
import type { Field } from './shop.ts';

export const employeeSchema: readonly Field[] = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'first_name', type: 'STRING' },
  { name: 'last_name', type: 'STRING' },
  { name: 'email', type: 'STRING' },
  { name: 'ssn', type: 'STRING' },
  { name: 'department', type: 'STRING' },
  { name: 'title', type: 'STRING' },
  { name: 'salary', type: 'NUMERIC', description: 'EUR a year' },
  { name: 'manager_id', type: 'INTEGER' },
  { name: 'hired', type: 'DATE' },
  { name: 'city', type: 'STRING' },
];

/** The cells of hr.employees, in the schema's order. */
export function employees(count: number, r: Random): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, i) => {
    const [given, family] = [first(r), last(r)];
    return [
      String(i + 1),
      given,
      family,
      email(given, family, i + 1, r),
      ssn(r),
      r.pick(['sales', 'support', 'warehouse', 'engineering', 'finance']),
      r.pick(['associate', 'specialist', 'lead', 'manager']),
      String(r.between(280, 1400) * 100),
      i < 5 ? '' : String(r.between(1, 5)),
      isoDate(r.between(15_000, 20_400)),
      address(r).city,
    ];
  });
}
