import { findTool } from '../../lab/toolbox.ts';

/** What a control plane of the lab is started from. */
export const controlPlaneTools = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
] as const;

/** For `describe` and `it`: why to skip when a tool is missing. Under CI nothing is skipped: the test then fails for want of the tool, by name. */
export function skipWithout(...tools: readonly string[]): string | false {
  const missing = tools.filter((name) => findTool(name) === undefined);
  return missing.length === 0 || process.env['CI'] !== undefined ? false : `${missing.join(', ')} not installed`;
}
