import { headersFolder, sizeInHeadersName } from '../../core/audit/header-lines.ts';
import { SluiceError } from '../../core/errors.ts';

/** The name, where it is one of what is derived: other objects beside it (wrapped data keys) are out of reach. */
export function checkedName(name: string): string {
  if (sizeInHeadersName(name) === undefined)
    throw new SluiceError('internal', `"${name}" is no name of anything derived`);
  return name;
}

export function checkedPrefix(prefix: string): string {
  if (!prefix.startsWith(headersFolder))
    throw new SluiceError('internal', `nothing derived begins with "${prefix}"`);
  return prefix;
}
