import { closest } from 'fastest-levenshtein';
import { maxLineRatio } from '../alerts/catalogue/node-network-high.ts';
import type { Alert } from '../alerts/define.ts';
import { alertNamed, alerts } from '../alerts/index.ts';
import { nicBytesPerSecond } from '../model/capacity/node.ts';
import type { Limit } from './define.ts';

/** An alert of a family, which has no constant of its own; throws for a name that no alert bears. */
export function watchedBy(name: string): Alert {
  const alert = alertNamed(name);
  if (alert !== undefined) return alert;
  const names = alerts.map((one) => one.name);
  throw new Error(`no alert ${name}; did you mean ${closest(name, names)}?`);
}

/** The line of a network card in bits a second: the smaller one, since NodeNetworkHigh knows which machine has the larger. */
export const lineLimit: Limit = {
  at: maxLineRatio * 8 * nicBytesPerSecond('c-32'),
  direction: 'above',
  from: 'share of 2 Gbit/s at which NodeNetworkHigh fires',
};
