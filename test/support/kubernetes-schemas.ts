import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { untyped } from '../../manifests/objects/object.ts';

type Schema = Record<string, unknown>;
const Schema = z.record(z.string(), z.unknown());
const Kind = z.object({ group: z.string(), version: z.string(), kind: z.string() });
const Definition = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string() }),
    versions: z.array(z.looseObject({ name: z.string(), schema: z.object({ openAPIV3Schema: Schema }) })),
  }),
});

/** What is wrong with an object; empty for one that the API server would take. */
export type ObjectCheck = (object: unknown) => readonly string[];

/** Checks objects against the OpenAPI file of a Kubernetes version and against CRDs, and refuses every field that they do not have. */
export function objectCheck(openApiFile: string, crdFiles: readonly string[]): ObjectCheck {
  const { definitions } = z
    .object({ definitions: z.record(z.string(), Schema) })
    .parse(JSON.parse(readFileSync(openApiFile, 'utf8')));
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: 'kubernetes', definitions: strictly(definitions) });
  const known = new Map<string, () => ValidateFunction | undefined>();
  for (const [name, definition] of Object.entries(definitions))
    for (const kind of z.array(Kind).safeParse(definition['x-kubernetes-group-version-kind']).data ?? [])
      known.set(keyOf(kind), () => ajv.getSchema(`kubernetes#/definitions/${name}`));
  for (const { spec } of crdFiles.flatMap(customDefinitions))
    for (const { name, schema } of spec.versions) {
      const compiled = ajv.compile(Schema.parse(strictly(schema.openAPIV3Schema)));
      known.set(keyOf({ group: spec.group, version: name, kind: spec.names.kind }), () => compiled);
    }
  return (object) => {
    const { apiVersion, kind } = untyped(object);
    const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    const validate = known.get(keyOf({ group, version, kind }))?.();
    if (validate === undefined) return [`no schema for ${apiVersion} ${kind}`];
    if (validate(object)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

/** The custom resource definitions of a file. */
export function customDefinitions(path: string): readonly z.infer<typeof Definition>[] {
  return parseAllDocuments(readFileSync(path, 'utf8'))
    .map((document): unknown => document.toJS())
    .filter((document) => document !== null)
    .map((document) => Definition.parse(document));
}

function keyOf({ group, version, kind }: z.infer<typeof Kind>): string {
  return `${group}/${version}/${kind}`;
}

/** The schema as JSON Schema that allows no field it does not name; numbers where Kubernetes takes a number or a text. */
function strictly(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strictly);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => [
    key,
    key === '$ref' && typeof value === 'string' ? value.replace(/^#/, 'kubernetes#') : strictly(value),
  ]);
  const copy: Schema = Object.fromEntries(entries);
  if (copy['format'] === 'int-or-string' || copy['x-kubernetes-int-or-string'] === true) return {};
  const open = copy['x-kubernetes-preserve-unknown-fields'] === true || copy['additionalProperties'] !== undefined;
  // A schema has its properties as schemas; a property that is itself called `properties` has not.
  const hasFields = typeof copy['properties'] === 'object' && copy['type'] === 'object';
  return hasFields && !open ? { ...copy, additionalProperties: false, ...withTypeMeta(copy['properties']) } : copy;
}

function withTypeMeta(properties: unknown): Schema {
  return { properties: { apiVersion: {}, kind: {}, ...Schema.parse(properties) } };
}
