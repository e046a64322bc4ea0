import { runbookUrl } from '../alerts/render.ts';
import type { Link } from './define.ts';

/** Where the responder's console is published unless a build says otherwise. */
export const defaultConsoleUrl = 'https://sre.gomeet.com';

/** Where pages outside Grafana are published. */
export interface Places {
  readonly consoleUrl?: string;
  readonly runbookBaseUrl?: string;
}

/** The address of a link. Grafana fills in the clicked series' labels, the time range and the environment. */
export function linkUrl(link: Link, { consoleUrl = defaultConsoleUrl, runbookBaseUrl }: Places): string {
  const console = consoleUrl.replace(/\/+$/, '');
  if ('console' in link) return `${console}${link.console}`;
  if ('incidentOf' in link) return `${console}/alerts/\${__data.fields.${link.incidentOf}}`;
  // A macro of Grafana must stay as it is.
  if ('runbookOf' in link)
    return runbookUrl('NAME', runbookBaseUrl).replace('NAME', `\${__data.fields.${link.runbookOf}}`);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: macros of Grafana
  const carried = ['${__url_time_range}', '${datasource:queryparam}'];
  const filled = Object.entries(link.with ?? {}).map(([name, label]) => `var-${name}=\${__field.labels.${label}}`);
  return `/d/${link.board}?${[...carried, ...filled].join('&')}`;
}
