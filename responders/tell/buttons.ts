import type { Run } from '../records.ts';
import { type Block, type Button, type ButtonKind, blockLimits, buttonValue } from './blocks.ts';
import { plain } from './escape.ts';
import { alertOf, type IncidentView, type Offer, openEpisodes } from './view.ts';
import { hourly } from './words.ts';

interface Spec {
  readonly kind: ButtonKind;
  readonly label: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
  readonly runId?: string;
}

/** Buttons of the incident and of each proposal that waits; none when it is over or clicks cannot come back. */
export function buttonBlocks(view: IncidentView): Block[] {
  if (!view.interactive || view.incident.closedAtMs !== undefined) return [];
  const proposals = view.runs.filter((run) => run.state === 'proposed').slice(-5);
  const blocks = proposals.map((run) => actions(`run-${run.id}`, proposalSpecs(run), view));
  return [...blocks, actions('incident', incidentSpecs(view), view)];
}

function actions(id: string, specs: readonly Spec[], view: IncidentView): Block {
  return { type: 'actions', block_id: id.slice(0, blockLimits.id), elements: specs.map((spec) => button(spec, view)) };
}

function proposalSpecs(run: Run): Spec[] {
  const missing = run.approvalsNeeded - run.approvals.length;
  const several = missing > 1 ? ` (${missing} needed)` : '';
  return [
    {
      kind: 'approve',
      label: `Approve${several}: ${run.says}`,
      style: 'primary',
      runId: run.id,
      confirm: { title: 'Approve this?', text: run.says, yes: 'Approve' },
    },
    { kind: 'deny', label: 'Deny', style: 'danger', runId: run.id },
  ];
}

function incidentSpecs(view: IncidentView): Spec[] {
  const { incident } = view;
  const specs: Spec[] = [];
  if (incident.acknowledgedAtMs === undefined)
    specs.push({ kind: 'acknowledge', label: 'Acknowledge', style: 'primary' });
  if (offers(view, 'scaleSfu')) specs.push({ kind: 'scale', label: `Scale SFU${price(view, 'scaleSfu')}…` });
  if (offers(view, 'restartWorkload')) specs.push({ kind: 'restart', label: 'Restart a service…' });
  specs.push({ kind: 'troubleshoot', label: 'Look for the cause' });
  specs.push({ kind: 'silence', label: 'Silence…' });
  if (incident.declaredAtMs === undefined) specs.push({ kind: 'openIncident', label: 'Open incident…' });
  if (incident.escalatedAtMs === undefined) {
    const text = 'The person on call is paged now.';
    specs.push({
      kind: 'escalate',
      label: 'Escalate',
      style: 'danger',
      confirm: { title: 'Wake a person?', text, yes: 'Page' },
    });
  }
  if (openEpisodes(view).some((episode) => !episode.noise)) {
    const text = 'The alert counts as a bad one in the report of alerts. It goes on firing and is still acted on.';
    specs.push({
      kind: 'noise',
      label: 'Noise',
      confirm: { title: 'Was this alert useless?', text, yes: 'Yes, noise' },
    });
  }
  return specs;
}

function offers(view: IncidentView, action: Offer['action']): boolean {
  if (view.offers?.some((offer) => offer.action === action)) return true;
  return openEpisodes(view).some((episode) =>
    alertOf(view, episode.alertname)?.runbook.mitigation.some((step) => step.action === action),
  );
}

function price(view: IncidentView, action: Offer['action']): string {
  const offer = view.offers?.find((one) => one.action === action);
  return offer === undefined ? '' : ` (${hourly(offer.costPerHour)})`;
}

function button(spec: Spec, view: IncidentView): Button {
  const value = buttonValue({ publicId: view.incident.publicId, version: view.incident.version, runId: spec.runId });
  const made: Button = {
    type: 'button',
    action_id: spec.kind,
    text: plainText(spec.label, blockLimits.buttonText),
    value,
  };
  if (spec.style !== undefined) made.style = spec.style;
  if (spec.confirm !== undefined) {
    made.confirm = {
      title: plainText(spec.confirm.title, blockLimits.confirmTitle),
      text: plainText(spec.confirm.text, blockLimits.confirmText),
      confirm: plainText(spec.confirm.yes, blockLimits.confirmButton),
      deny: plainText('Back', blockLimits.confirmButton),
    };
  }
  return made;
}

/** A plain_text object within `max` characters. */
export function plainText(text: string, max: number): { type: 'plain_text'; text: string } {
  const safe = plain(text) || '-';
  return {
    type: 'plain_text',
    text:
      safe.length <= max
        ? safe
        : `${safe
            .slice(0, max - 1)
            .toWellFormed()
            .replace(/\ufffd$/, '')}…`,
  };
}
