import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import { clean } from './clean.ts';
import { type KubeObject, nameOf, refOf } from './object.ts';

/** What would change in an object, as a unified diff; undefined where nothing would. Values of Secrets are not shown. */
export function difference(before: KubeObject | undefined, after: KubeObject | undefined): string | undefined {
  const subject = after ?? before;
  if (subject === undefined) return undefined;
  const [was, is] = [text(before), text(after)];
  if (was === is) return undefined;
  const name = nameOf(refOf(subject));
  const patch = createTwoFilesPatch(`running ${name}`, `declared ${name}`, was, is, '', '', { context: 2 });
  return patch.split('\n').slice(1).join('\n').trimEnd();
}

function text(object: KubeObject | undefined): string {
  return object === undefined ? '' : stringify(hidden(clean(object)), { lineWidth: 0, sortMapEntries: true });
}

/** A Secret without its values; whether one is empty may be seen. */
export function hidden(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret') return object;
  const mask = (values: unknown) =>
    typeof values === 'object' && values !== null
      ? Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === '' ? '' : '[hidden]']))
      : values;
  return { ...object, data: mask(object['data']), stringData: mask(object['stringData']) };
}
