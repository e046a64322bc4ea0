import { platformNamespace } from '../manifests/catalogue/define.ts';
import { fieldOf, isMap, type KubeObject } from './kube/object.ts';

/** On the namespace of a platform that was taken over: until it is taken off, the responder decides and does not act. */
export const shadowAnnotation = 'gomeet.dev/shadow-since';

/** What a taken-over platform changes in the objects: the responder runs with `--dry-run`, and the namespace remembers why. */
export function inShadow(since: string): (object: KubeObject) => KubeObject {
  return (object) => {
    if (object.kind === 'Namespace' && object.metadata.name === platformNamespace)
      return {
        ...object,
        metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [shadowAnnotation]: since } },
      };
    return object.kind === 'Deployment' && object.metadata.name === 'responder' ? withDryRun(object) : object;
  };
}

function withDryRun(object: KubeObject): KubeObject {
  const containers = fieldOf(object, 'spec', 'template', 'spec', 'containers');
  if (!Array.isArray(containers)) return object;
  const [first, ...others]: unknown[] = containers;
  if (!isMap(first)) return object;
  const args = Array.isArray(first['args']) ? first['args'] : [];
  const spec = mapAt(object, 'spec');
  const template = mapAt(spec, 'template');
  const podSpec = mapAt(template, 'spec');
  return {
    ...object,
    spec: {
      ...spec,
      template: {
        ...template,
        spec: { ...podSpec, containers: [{ ...first, args: [...args, '--dry-run'] }, ...others] },
      },
    },
  };
}

function mapAt(object: unknown, key: string): Readonly<Record<string, unknown>> {
  const value = fieldOf(object, key);
  return isMap(value) ? value : {};
}
