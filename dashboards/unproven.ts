/** What is said wherever Grafana's files are met. */
export const grafanaUnproven =
  'Unproven against a real Grafana: the files are checked against its documented fields and its published board types.';
