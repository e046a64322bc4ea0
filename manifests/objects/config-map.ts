import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { type Context, metadata } from './context.ts';
import { checked, type KubernetesObject } from './object.ts';

/** A ConfigMap of files. `labels` beside the usual ones are what a sidecar finds it by. */
export function configMap(
  name: string,
  component: string,
  data: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
): KubernetesObject {
  const usual = metadata(name, component);
  return checked(new ConfigMap({ metadata: { ...usual, labels: { ...usual.labels, ...labels } }, data: { ...data } }));
}

/** The files that another room makes for this ConfigMap; empty while nobody does. */
export function handed(context: Context, name: string): Readonly<Record<string, string>> {
  return context.configuration[name] ?? {};
}
