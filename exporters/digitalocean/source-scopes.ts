type Verb = 'read' | 'create' | 'update' | 'delete';

/** What a token needs for each family of routes, by its path; the first that fits counts. */
const resources: readonly (readonly [path: RegExp, resource: string])[] = [
  [/^\/v2\/volumes\/[^/]+\/snapshots$/, 'block_storage_snapshot'],
  [/^\/v2\/volumes\b/, 'block_storage'],
  [/^\/v2\/kubernetes\b/, 'kubernetes'],
  [/^\/v2\/databases\b/, 'database'],
  [/^\/v2\/domains\b/, 'domain'],
  [/^\/v2\/firewalls\b/, 'firewall'],
  [/^\/v2\/droplets\b/, 'droplet'],
  [/^\/v2\/account\b/, 'account'],
  [/^\/v2\/(customers|billing)\b/, 'billing'],
  [/^\/v2\/load_balancers\b/, 'load_balancer'],
  [/^\/v2\/snapshots\b/, 'snapshot'],
  [/^\/v2\/registr(y|ies)\b/, 'registry'],
  [/^\/v2\/reserved_ips\b/, 'reserved_ip'],
  [/^\/v2\/certificates\b/, 'certificate'],
  [/^\/v2\/projects\b/, 'project'],
  [/^\/v2\/sizes\b/, 'sizes'],
  [/^\/v2\/spaces\/keys\b/, 'spaces_key'],
  [/^\/v2\/monitoring\b/, 'monitoring'],
  [/^\/v2\/vpcs\b/, 'vpc'],
];

const verbs: Readonly<Record<string, Verb>> = {
  GET: 'read',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};

/** Routes whose verb does not follow from the method. */
const exceptions: readonly (readonly [path: RegExp, scope: string])[] = [
  [/^\/v2\/databases\/[^/]+\/users\/[^/]+\/reset_auth$/, 'database:update'],
  [/^\/v2\/firewalls\/[^/]+\/rules$/, 'firewall:update'],
  [/^\/v2\/kubernetes\/clusters\/[^/]+\/kubeconfig$/, 'kubernetes:access_cluster'],
];

/** The scope that a call needs, such as `block_storage:read`; undefined for a route that is not known. As DigitalOcean's API specification has it (digitalocean/openapi, 7c1300c, security of each operation). */
function scopeOf(method: string, url: string): string | undefined {
  const { pathname } = new URL(url);
  const exception = exceptions.find(([path]) => path.test(pathname));
  if (exception !== undefined) return exception[1];
  const resource = resources.find(([path]) => path.test(pathname))?.[1];
  const verb = verbs[method.toUpperCase()];
  return resource === undefined || verb === undefined ? undefined : `${resource}:${verb}`;
}

/** What is said of a call that was refused: which scope its token lacks. */
export function lacksScope(method: string, url: string): string {
  const scope = scopeOf(method, url);
  const call = `${method.toUpperCase()} ${new URL(url).pathname}`;
  return scope === undefined ? `the token may not ${call}` : `the token lacks the scope ${scope}, which ${call} needs`;
}
