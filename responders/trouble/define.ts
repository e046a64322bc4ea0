import type { ActionName, ActionParams } from '../../alerts/vocabulary.ts';
import type { StepResult } from '../act/define.ts';
import type { Evidence } from './collect.ts';

/** What could be done about a cause: an action with its parameters, asked for by a person. */
export type Fix = {
  [Name in ActionName]: { readonly say: string; readonly action: Name; readonly params: ActionParams[Name] };
}[ActionName];

/** What one question came to. What could not be looked at is never ruled out. */
export type Answer =
  | { readonly found: string; readonly fix?: Fix | undefined }
  | { readonly ruledOut: string }
  | { readonly notKnown: string };

/** One question of a decision tree, asked of the evidence. Pure. */
export interface Question {
  readonly cause: string;
  look(evidence: Evidence): Answer;
}

/** One entry of the runbook's troubleshooting: symptoms, and the causes in the order in which they are asked for. */
export interface Entry {
  readonly name: string;
  readonly title: string;
  readonly symptoms: string;
  /** Whether it is about one workload. */
  readonly ofWorkload: boolean;
  readonly questions: readonly Question[];
}

/** What troubleshooting came to. */
export interface Diagnosis {
  readonly entry: string;
  readonly workload: string | undefined;
  readonly answers: readonly { readonly cause: string; readonly answer: Answer }[];
  /** Evidence that could not be read, with the reason: what it would have shown is not in the answers. */
  readonly unread: readonly string[];
  readonly says: string;
}

/** Asks every question of an entry: a platform can have two causes at once. */
export function diagnose(entry: Entry, evidence: Evidence): Diagnosis {
  const answers = entry.questions.map(({ cause, look }) => ({ cause, answer: look(evidence) }));
  const found = answers.flatMap(({ cause, answer }) => ('found' in answer ? [`${cause}: ${answer.found}`] : []));
  const open = answers.filter(({ answer }) => 'notKnown' in answer).map(({ cause }) => cause);
  const says =
    found.length > 0
      ? found.join('; ')
      : open.length > 0
        ? `no cause found; could not rule out: ${open.join(', ')}`
        : `no cause found: ${answers.map(({ cause }) => cause).join(', ')} are ruled out`;
  const unread = Object.entries(evidence).flatMap(([name, part]) =>
    typeof part === 'object' && part !== null && 'missing' in part ? [`${name}: ${part.missing}`] : [],
  );
  return { unread, entry: entry.name, workload: evidence.workload, answers, says };
}

/** A diagnosis as people read it. */
export function diagnosisResult({ answers, ...rest }: Diagnosis): StepResult {
  return {
    ...(rest.unread.length === 0 ? {} : { lines: rest.unread.map((one) => `could not be read: ${one}`) }),
    table: {
      columns: ['cause', 'verdict', 'saw', 'what would help'],
      rows: answers.map(({ cause, answer }) => [
        cause,
        'found' in answer ? 'found' : 'ruledOut' in answer ? 'ruled out' : 'not ruled out',
        'found' in answer ? answer.found : 'ruledOut' in answer ? answer.ruledOut : answer.notKnown,
        'found' in answer && answer.fix !== undefined ? `${answer.fix.say} (${answer.fix.action})` : '',
      ]),
    },
    data: { ...rest, answers },
  };
}
