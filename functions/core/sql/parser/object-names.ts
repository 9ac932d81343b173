import type { Identifier, ObjectName, Path } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { parsePath, parseTablePath, pathOf } from './names.ts';

export const objectName = (path: Path, role: string): ObjectName => ({
  kind: 'ObjectName',
  span: path.span,
  path,
  role,
});

/** After a path's dot only a name can stand. */
export function ended(cursor: Cursor, path: Path): Path {
  if (!cursor.isOp('.')) return path;
  cursor.advance();
  return cursor.unexpected();
}

/** A path after which no `.*` or the like can follow. */
export const wholePath = (cursor: Cursor): Path => ended(cursor, parsePath(cursor));

/** A name that may be a table's, whose project may have dashes. */
export const parseTableName = (cursor: Cursor, role: string): ObjectName =>
  objectName(ended(cursor, parseTablePath(cursor)), role);

/** A name that GoogleSQL reads as a plain path. */
export const parseObjectName = (cursor: Cursor, role: string): ObjectName =>
  objectName(wholePath(cursor), role);

/** A name of one part. */
export const oneName = (name: Identifier, role: string): ObjectName => objectName(pathOf([name]), role);
