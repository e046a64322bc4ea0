import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for a lab's files, removed with the stack. */
export async function labFiles(stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-lab-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  // PostgreSQL runs as another user when we are root, and must be able to walk through.
  await chmod(folder, 0o711);
  return folder;
}
