import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a file may be run by us. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folders of PATH. */
export const pathFolders = (): readonly string[] => (process.env['PATH'] ?? '').split(delimiter);

/** The first program of that name on PATH; undefined when there is none. */
export function findProgram(name: string): string | undefined {
  return pathFolders()
    .map((folder) => join(folder, name))
    .find(isExecutable);
}
