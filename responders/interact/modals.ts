import { z } from 'zod';
import type { ActionParams, Sev } from '../../alerts/vocabulary.ts';
import type { ButtonValue } from '../tell/blocks.ts';
import { buttonValue } from '../tell/blocks.ts';
import { plainText } from '../tell/buttons.ts';
import { mrkdwn } from '../tell/escape.ts';
import { type Command, maxFreezeMs, parseDuration } from './command.ts';

/** Forms that ask for what a click cannot say. */
export const modalKinds = ['scale', 'restart', 'silence', 'openIncident', 'freeze'] as const;
export type ModalKind = (typeof modalKinds)[number];

/** What a modal is about; it comes back with the submission. */
export interface ModalContext {
  /** Undefined for a control that belongs to no incident. */
  readonly button: ButtonValue | undefined;
  readonly channel: string;
}

/** What a filled-in form asks for. */
export type ModalRequest =
  | { readonly kind: 'scale'; readonly params: ActionParams['scaleSfu']; readonly reason: string }
  | { readonly kind: 'restart'; readonly params: ActionParams['restartWorkload']; readonly reason: string }
  | { readonly kind: 'silence'; readonly params: ActionParams['silenceAlert']; readonly reason: string }
  | { readonly kind: 'openIncident'; readonly params: ActionParams['openIncident']; readonly reason: string }
  | { readonly kind: 'freeze'; readonly command: Command };

/** Most nodes that one click may ask for; the guards have the last word. */
export const maxStep = 5;
const maxSilenceMs = 86_400_000;

interface Form {
  readonly title: string;
  readonly submit: string;
  readonly says: string;
  readonly inputs: readonly Record<string, unknown>[];
}

const reason = input('reason', 'Why? It stands in the journal.', {
  type: 'plain_text_input',
  max_length: 300,
  min_length: 3,
});

function forms(services: readonly string[]): Readonly<Record<ModalKind, Form>> {
  const service =
    services.length === 0
      ? { type: 'plain_text_input', max_length: 63 }
      : select(services.slice(0, 100).map((name) => [name, name]));
  return {
    scale: {
      title: 'Add SFU nodes',
      submit: 'Ask for it',
      says: 'The guards look at ceiling, budget and freeze first; the answer stands in the thread.',
      inputs: [
        input(
          'step',
          `Nodes to add, 1 to ${maxStep}`,
          select([1, 2, 3, 4, 5].map((step) => [String(step), `${step} more`])),
        ),
        reason,
      ],
    },
    restart: {
      title: 'Restart a service',
      submit: 'Ask for it',
      says: 'A rollout restart, one replica after the other.',
      inputs: [input('service', 'Service', service), reason],
    },
    silence: {
      title: 'Silence the alert',
      submit: 'Silence',
      says: 'Nobody is told and nothing is done for this alert until then. At most a day.',
      inputs: [
        input('duration', 'For how long? (30m, 2h, 1d)', {
          type: 'plain_text_input',
          max_length: 20,
          initial_value: '1h',
        }),
        reason,
      ],
    },
    openIncident: {
      title: 'Open an incident',
      submit: 'Declare',
      says: 'It gets a severity, you as commander, and a postmortem.',
      inputs: [
        input(
          'sev',
          'Severity',
          select([
            ['1', 'SEV 1: most people cannot meet'],
            ['2', 'SEV 2: many are impaired'],
            ['3', 'SEV 3: some are impaired'],
            ['4', 'SEV 4: nobody notices yet'],
          ]),
        ),
        reason,
      ],
    },
    freeze: {
      title: 'Freeze',
      submit: 'Freeze',
      says: 'The responder takes no act until then; alerts and threads go on.',
      inputs: [
        input('duration', 'For how long? (30m, 2h, 7d)', {
          type: 'plain_text_input',
          max_length: 20,
          initial_value: '2h',
        }),
        reason,
      ],
    },
  };
}

/** The view for `views.open`. `says` is what the act would do and cost now; `services` are the names to choose from. */
export function renderModal(
  kind: ModalKind,
  context: ModalContext,
  more: { says?: string; services?: readonly string[] } = {},
): Readonly<Record<string, unknown>> {
  const form = forms(more.services ?? [])[kind];
  const says = more.says === undefined ? form.says : `${mrkdwn(more.says)}\n${form.says}`;
  return {
    type: 'modal',
    callback_id: `gomeet-${kind}`,
    private_metadata: JSON.stringify({
      v: context.button === undefined ? '' : buttonValue(context.button),
      c: context.channel,
    }),
    title: plainText(form.title, 24),
    submit: plainText(form.submit, 24),
    close: plainText('Back', 24),
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: says.slice(0, 2_900), verbatim: true } }, ...form.inputs],
  };
}

function input(id: string, label: string, element: Record<string, unknown>): Record<string, unknown> {
  return { type: 'input', block_id: id, label: plainText(label, 2_000), element: { ...element, action_id: id } };
}

function select(options: readonly (readonly [string, string])[]): Record<string, unknown> {
  return { type: 'static_select', options: options.map(([value, text]) => ({ value, text: plainText(text, 75) })) };
}

const Field = z.object({ value: z.string().nullish(), selected_option: z.object({ value: z.string() }).nullish() });

/** `state.values` of a submitted view. */
export const ModalValues = z.record(z.string(), z.record(z.string(), Field));

/** Reads a filled-in form; or, by input, what is wrong with it, for the form to show. */
export function readModal(
  kind: ModalKind,
  values: z.infer<typeof ModalValues>,
): { request: ModalRequest } | { errors: Readonly<Record<string, string>> } {
  const field = (id: string) => values[id]?.[id]?.selected_option?.value ?? values[id]?.[id]?.value?.trim() ?? '';
  const why = field('reason').slice(0, 300);
  const errors: Record<string, string> = why.length < 3 ? { reason: 'Say why, in a few words.' } : {};
  const request = readFields(kind, field, why, errors);
  return Object.keys(errors).length > 0 || request === undefined ? { errors } : { request };
}

function readFields(
  kind: ModalKind,
  field: (id: string) => string,
  why: string,
  errors: Record<string, string>,
): ModalRequest | undefined {
  switch (kind) {
    case 'scale': {
      const step = Number(field('step'));
      if (!Number.isInteger(step) || step < 1 || step > maxStep)
        errors['step'] = `A whole number from 1 to ${maxStep}.`;
      return { kind, params: { step }, reason: why };
    }
    case 'restart': {
      const workload = field('service');
      if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(workload))
        errors['service'] = 'The name of a service, as in the catalogue.';
      return { kind, params: { workload }, reason: why };
    }
    case 'silence':
    case 'freeze': {
      const length = parseDuration(field('duration'), kind === 'freeze' ? maxFreezeMs : maxSilenceMs);
      if (length === undefined) {
        errors['duration'] = `Write 30m, 2h or 1d; at most ${kind === 'freeze' ? '7d' : '1d'}.`;
        return undefined;
      }
      return kind === 'silence'
        ? { kind, params: { for: length }, reason: why }
        : { kind, command: { name: 'freeze', for: length, reason: why } };
    }
    case 'openIncident': {
      const sev = ([1, 2, 3, 4] as const).find((one): one is Sev => String(one) === field('sev'));
      if (sev === undefined) {
        errors['sev'] = 'Choose 1 to 4.';
        return undefined;
      }
      return { kind, params: { sev }, reason: why };
    }
  }
}
