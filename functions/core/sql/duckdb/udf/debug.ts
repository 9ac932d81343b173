import { type Udf, UdfError } from '../udf.ts';
import { called } from './make.ts';

/** ERROR: fails wherever it is evaluated. It has no value; VARCHAR is a type that casts to any. */
export const debugUdfs: readonly Udf[] = [
  called('error', ['VARCHAR'], 'VARCHAR', (message: string | null) => {
    throw new UdfError(message ?? 'NULL');
  }),
];
