import { humanMs } from '../../kernel/duration.ts';
import type { WorldPart } from '../act/define.ts';
import type { Core } from '../core.ts';
import { readControls } from '../store/controls.ts';
import { listIncidents } from '../store/incidents.ts';

const parts: readonly WorldPart[] = ['cluster', 'fleet', 'cloud'];

/** How the responder stands, in a few lines. */
export async function statusText(core: Core): Promise<string> {
  const [controls, incidents] = [
    await readControls(core.database),
    await listIncidents(core.database, { open: true, limit: 20 }),
  ];
  const world = core.world.current();
  const nowMs = core.clock.now();
  const switches = [
    controls.stopped && `stopped by ${controls.stopped.by}: ${controls.stopped.reason}`,
    controls.frozen && `frozen by ${controls.frozen.by}: ${controls.frozen.reason}`,
    controls.liveEvent && `live event: ${controls.liveEvent.reason}`,
    controls.breakGlass && `glass broken by ${controls.breakGlass.by}: ${controls.breakGlass.reason}`,
  ].filter((text) => text !== undefined);
  return [
    switches.length === 0 ? 'No switch is on.' : switches.join('\n'),
    `Seen: ${parts.map((part) => `${part} ${world[part] === undefined ? 'never' : `${humanMs(Math.max(0, nowMs - world[part].observedAtMs))} ago`}`).join(', ')}.`,
    incidents.length === 0
      ? 'Nothing is open.'
      : incidents
          .map(
            ({ title, acknowledgedBy, openedAtMs }) =>
              `${title} (${humanMs(nowMs - openedAtMs)}${acknowledgedBy === undefined ? '' : `, ${acknowledgedBy}`})`,
          )
          .join('\n'),
  ].join('\n');
}
