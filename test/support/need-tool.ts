import type { TestContext } from 'node:test';
import { findTool, installHint, toolNamed } from '../../lab/toolbox.ts';

/** The path of a tool. Without it the test fails under CI and is skipped by name elsewhere; then the answer is undefined. Nothing is fetched while a test runs. */
export function needTool(t: TestContext, name: string): string | undefined {
  const path = findTool(name);
  if (path !== undefined) return path;
  const line = installHint(toolNamed(name));
  if (process.env['CI']) throw new Error(line);
  t.skip(line);
  return undefined;
}
