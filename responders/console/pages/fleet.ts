import { html } from 'hono/html';
import type { Fleet, Reading, SfuNode } from '../../ports.ts';
import { count } from '../../tell/words.ts';
import { type DrawnNode, drawRooms, field } from '../rooms.ts';
import { ago, type Html } from './words.ts';

const states = {
  lost: { word: 'Lost', says: 'No longer reports; its meetings are moving', icon: 'M3 3l10 10M13 3L3 13' },
  draining: {
    word: 'Draining',
    says: 'Takes no new meetings, waits for its own to end',
    icon: 'M8 2v9M4 8l4 4 4-4M3 14h10',
  },
  starting: {
    word: 'Starting',
    says: 'Not serving yet',
    icon: 'M4 2h8M4 14h8M5 2c0 4 6 4 6 6s-6 2-6 6M11 2c0 4-6 4-6 6s6 2 6 6',
  },
  serving: { word: 'Serving', says: 'Takes new meetings', icon: 'M3 8.5l3.5 3.5L13 4.5' },
} as const satisfies Readonly<Record<SfuNode['state'], { word: string; says: string; icon: string }>>;

const mostTiles = 36;

/** The SFU fleet: one tile a node, those in trouble first, rooms drawn to one scale. */
export function fleetPanel(
  fleet: Reading<Fleet> | undefined,
  options: { nowMs: number; maxAgeMs: number; hotRatio: number | undefined },
): Html {
  if (fleet === undefined)
    return html`<h2>SFU fleet</h2><p class="loud">No data: no source has seen the fleet yet.</p>`;
  const { nodes, rooms, sources } = fleet.value;
  const stale = options.nowMs - fleet.observedAtMs > options.maxAgeMs;
  // Where all fit, each keeps its place while loads change; where not, the coolest are left out.
  const rank = (a: SfuNode, b: SfuNode) => (nodes.length > mostTiles ? b.cpuLoadRatio - a.cpuLoadRatio : 0);
  const shown = nodes
    .toSorted(
      (a, b) =>
        urgency(a, options.hotRatio) - urgency(b, options.hotRatio) ||
        rank(a, b) ||
        (a.pod ?? a.nodeId).localeCompare(b.pod ?? b.nodeId),
    )
    .slice(0, mostTiles);
  const drawn = drawRooms(shown.map((node) => rooms.filter((room) => room.nodeId === node.nodeId)));
  const people = nodes.reduce((sum, node) => sum + node.participants, 0);
  const meetings = nodes.reduce((sum, node) => sum + node.rooms, 0);
  return html`<header class="panel-head"><h2>SFU fleet</h2>
      <p><b>${count(nodes.length, 'node')}</b> · <b>${count(meetings, 'room')}</b> · <b>${count(people, 'participant')}</b></p>
      <p class="quiet">${stale ? html`<span class="loud">No fresh data:</span> ` : ''}seen ${ago(fleet.observedAtMs, options.nowMs)} ago by ${sources.length === 0 ? 'no source' : sources.map((source) => sourceWords[source]).join(', ')}</p></header>
    ${nodes.length === 0 && html`<p class="loud">No data: the sources answered, and none of them lists a node.</p>`}
    <ul class="tiles${stale ? ' stale' : ''}">${shown.map((node, index) => tile(node, drawn[index], options.hotRatio))}</ul>
    ${nodes.length > shown.length && html`<p class="quiet">and ${count(nodes.length - shown.length, 'cooler node')} that serve normally</p>`}`;
}

/** Lost nodes first, then those that run hot, then whatever does not serve as usual. */
function urgency(node: SfuNode, hotRatio: number | undefined): number {
  if (node.state === 'serving') return isHot(node, hotRatio) ? 1 : 4;
  return { lost: 0, draining: 2, starting: 3 }[node.state];
}

function isHot(node: SfuNode, hotRatio: number | undefined): boolean {
  return hotRatio !== undefined && node.cpuLoadRatio > hotRatio;
}

const sourceWords = { redis: "LiveKit's Redis", roomService: 'RoomService', prometheus: 'Prometheus' } as const;

function tile(node: SfuNode, drawn: DrawnNode | undefined, hotRatio: number | undefined): Html {
  const state = states[node.state];
  const percent = Math.round(node.cpuLoadRatio * 100);
  const hot = isHot(node, hotRatio);
  return html`<li class="tile ${node.state}${hot ? ' hot' : ''}" data-key="node-${node.nodeId}">
    <p class="tile-head"><b title="${node.pod ?? node.nodeId}">${shortName(node.pod ?? node.nodeId)}</b>${node.pod !== undefined && html`<span class="node-id">${node.nodeId}</span>`}
      <span class="state" title="${state.says}"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="${state.icon}"/></svg>${state.word}</span></p>
    ${cpuBar(node, percent, hot, hotRatio)}
    <p class="tile-facts"><span title="${count(node.participants, 'participant')} in ${count(node.rooms, 'room')}"><b>${node.participants.toLocaleString('en-US')}</b> in ${count(node.rooms, 'room')}</span> <span title="Meetings of the largest size that still fit"><b>${node.freeSlots}</b> free ${node.freeSlots === 1 ? 'slot' : 'slots'}</span></p>
    ${drawn === undefined ? '' : roomsDrawing(drawn, node)}
  </li>`;
}

/** The last part of a long pod name tells it from its siblings. */
function shortName(name: string): string {
  return name.length > 20 ? `…${name.slice(name.lastIndexOf('-', name.length - 4))}`.slice(0, 20) : name;
}

function cpuBar(node: SfuNode, percent: number, hot: boolean, hotRatio: number | undefined): Html {
  const width = Math.min(100, Math.max(0, percent));
  const known = node.state === 'serving' || node.state === 'draining';
  return html`<div class="cpu"><span>CPU</span>
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="CPU ${percent} percent">
      <rect class="track" width="100" height="8"/>${known && html`<rect class="${hot ? 'fill hot' : 'fill'}" width="${width}" height="8"/>`}
      ${hotRatio !== undefined && html`<rect class="tick" x="${Math.round(hotRatio * 100)}" width="0.8" height="8"/>`}</svg>
    <b>${known ? `${percent}%${hot ? ' hot' : ''}` : 'no data'}</b></div>`;
}

function roomsDrawing({ squares, unseen }: DrawnNode, node: SfuNode): Html {
  const words =
    squares.length === 0
      ? 'No meetings'
      : `${count(squares.length, 'room')}, the largest with ${squares[0]?.participants ?? 0}`;
  return html`<svg class="rooms" viewBox="0 0 ${field.width} ${field.height}" preserveAspectRatio="xMinYMin meet" role="img" aria-label="${words}">
      ${squares.length === 0 && html`<text x="0" y="14" class="none">${node.state === 'starting' ? 'waits for its first meeting' : 'no meetings'}</text>`}
      ${squares.map(
        ({ sid, participants, x, y, side }) =>
          html`<g><title>${sid}: ${count(participants, 'participant')}</title><rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${side.toFixed(1)}" height="${side.toFixed(1)}" rx="1.5"/>${side > 19 && html`<text x="${(x + side / 2).toFixed(1)}" y="${(y + side / 2 + 3.4).toFixed(1)}">${participants}</text>`}</g>`,
      )}</svg>${unseen.rooms > 0 && html`<p class="quiet">and ${count(unseen.rooms, 'smaller room')} with ${unseen.participants}</p>`}`;
}
