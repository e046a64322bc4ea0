/** The sections of the operations runbook's chapters on troubleshooting and emergencies; each is reached from some page. */
export const runbookSections = [
  'Service Not Starting',
  'High CPU/Memory Usage',
  'Database Connectivity Issues',
  'Load Balancer Issues',
  'Port Forwarding',
  'Debug Pods',
  'Log Analysis',
  'Service Outage Response',
  'PostgreSQL Recovery',
  'Redis Recovery',
  'Security Incident Response',
] as const;
export type RunbookSection = (typeof runbookSections)[number];
