import { sign } from '../../responders/interact/verify-signature.ts';

export const signingSecret = 'shhh-signing-secret';

/** A click on a button, as Slack sends it. */
export function blockActions(
  actionId: string,
  value: string,
  more: { user?: string; ts?: string } = {},
): Record<string, unknown> {
  return {
    type: 'block_actions',
    user: { id: more.user ?? 'U1', team_id: 'T0', username: 'ana' },
    team: { id: 'T0', domain: 'gomeet' },
    trigger_id: `trigger-${more.ts ?? '1'}`,
    channel: { id: 'C0ALERTS1', name: 'gomeet-alerts' },
    container: { type: 'message', channel_id: 'C0ALERTS1', message_ts: '1.1' },
    message: { ts: '1.1', blocks: [] },
    response_url: 'https://hooks.slack.com/actions/x',
    actions: [{ type: 'button', action_id: actionId, block_id: 'incident', value, action_ts: more.ts ?? '1.000' }],
  };
}

/** A filled-in form. Values are by input. */
export function viewSubmission(
  kind: string,
  values: Readonly<Record<string, string>>,
  more: { value?: string; viewId?: string } = {},
): Record<string, unknown> {
  const selects = new Set(['step', 'service', 'sev']);
  return {
    type: 'view_submission',
    user: { id: 'U1', team_id: 'T0' },
    team: { id: 'T0' },
    trigger_id: 'trigger-view',
    view: {
      id: more.viewId ?? 'V1',
      callback_id: `gomeet-${kind}`,
      private_metadata: JSON.stringify({ v: more.value ?? 'inc-k3v9:4', c: 'C0ALERTS1' }),
      hash: '1.abc',
      state: {
        values: Object.fromEntries(
          Object.entries(values).map(([id, value]) => [
            id,
            {
              [id]: selects.has(id)
                ? { type: 'static_select', selected_option: { value } }
                : { type: 'plain_text_input', value },
            },
          ]),
        ),
      },
    },
  };
}

/** The fields of a slash command. */
export function slashCommand(text: string, trigger = 't1'): Record<string, string> {
  return {
    command: '/gomeet',
    text,
    team_id: 'T0',
    user_id: 'U1',
    channel_id: 'C0ALERTS1',
    trigger_id: trigger,
    token: 'legacy',
  };
}

/** A signed request. `atMs` is what Slack's clock says. */
export function signed(fields: Readonly<Record<string, string>>, atMs: number, secret = signingSecret): RequestInit {
  const body = new URLSearchParams(fields).toString();
  const timestamp = String(Math.floor(atMs / 1_000));
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': sign(secret, timestamp, body),
    },
  };
}
