import { troubleDrill } from './troubleshooting.ts';

/** A name points somewhere else than at the load balancer; the look names it. */
export const troubleLoadBalancer = troubleDrill(
  'load-balancer',
  'a name points somewhere else than at the load balancer',
  /app points at 198.51.100.1/,
);
