/** The runbook's twelve phases, by name and in order. */
export const phases = [
  { number: 1, name: 'prerequisites', title: 'Prerequisites validation' },
  { number: 2, name: 'infrastructure', title: 'Infrastructure setup' },
  { number: 3, name: 'secrets', title: 'Secrets configuration' },
  { number: 4, name: 'images', title: 'Docker image building' },
  { number: 5, name: 'database', title: 'Database initialization' },
  { number: 6, name: 'services', title: 'Services deployment' },
  { number: 7, name: 'gateway', title: 'Gateway configuration' },
  { number: 8, name: 'monitoring', title: 'Monitoring setup' },
  { number: 9, name: 'auto-scaling', title: 'Auto-scaling configuration' },
  { number: 10, name: 'health', title: 'Health validation' },
  { number: 11, name: 'verification', title: 'Post-deployment verification' },
  { number: 12, name: 'cleanup', title: 'Cleanup' },
] as const;

/** A phase of the runbook. */
export type Phase = (typeof phases)[number];
export type PhaseName = Phase['name'];

/** The phase of that name or number; undefined for anything else. */
export function phaseNamed(text: string): Phase | undefined {
  return phases.find(({ name, number }) => name === text || String(number) === text);
}

/** Work that is more than objects. */
export type PartName = 'infrastructure' | 'images' | 'database';

/** Which parts a phase has: one before its objects, and one once they work, for what waited for them. */
export const partsOf: Readonly<Partial<Record<PhaseName, { readonly before?: PartName; readonly after?: PartName }>>> =
  {
    infrastructure: { before: 'infrastructure' },
    images: { before: 'images' },
    // DigitalOcean's connection pools wait for the database.
    database: { before: 'database', after: 'infrastructure' },
    // The services make the tables that the indexes wait for.
    services: { after: 'database' },
    // The records of the domain wait for the load balancer.
    gateway: { after: 'infrastructure' },
  };

/** Which phase applies which file. Network policies come last, as in the README: by then everything that they let through stands. */
export const fileToPhase: Readonly<Record<string, PhaseName>> = {
  'metrics-server.yaml': 'infrastructure',
  'cert-manager.yaml': 'infrastructure',
  'keda.yaml': 'infrastructure',
  'traefik-crds.yaml': 'infrastructure',
  'namespace.yaml': 'secrets',
  'priority-classes.yaml': 'secrets',
  'storage-classes.yaml': 'secrets',
  'pod-security.yaml': 'secrets',
  'rbac.yaml': 'secrets',
  'secrets.yaml': 'secrets',
  'configmaps.yaml': 'secrets',
  'postgres-config.yaml': 'database',
  'redis-config.yaml': 'database',
  'api-services.yaml': 'services',
  'livekit-sfu.yaml': 'services',
  'traefik-gateway.yaml': 'gateway',
  'ingress.yaml': 'gateway',
  'monitoring.yaml': 'monitoring',
  'logging.yaml': 'monitoring',
  'backup.yaml': 'monitoring',
  'hpa.yaml': 'auto-scaling',
  'disruption-budgets.yaml': 'auto-scaling',
  'network-policies.yaml': 'auto-scaling',
};
