import type { JournalKind } from '../../responders/records.ts';

const all: Readonly<Record<JournalKind, true>> = {
  fired: true,
  resolved: true,
  reopened: true,
  closed: true,
  'no-runbook': true,
  'would-act': true,
  refused: true,
  proposed: true,
  approved: true,
  denied: true,
  intended: true,
  acted: true,
  step: true,
  failed: true,
  abandoned: true,
  verified: true,
  'not-improved': true,
  unknown: true,
  expired: true,
  acknowledged: true,
  escalated: true,
  declared: true,
  status: true,
  evidence: true,
  noise: true,
  control: true,
  takeover: true,
};

/** Every kind of journal entry; a new one does not compile until it stands here. */
export const journalKinds = Object.keys(all) as JournalKind[];
