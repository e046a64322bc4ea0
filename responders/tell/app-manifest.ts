import { stringify } from 'yaml';

/** The Slack app to paste at api.slack.com/apps ("From a manifest"). With a public URL clicks come by HTTP; without one by Socket Mode. */
export function renderAppManifest(options: { publicUrl?: string } = {}): string {
  const address = options.publicUrl?.replace(/\/+$/, '');
  const url = (path: string) =>
    address === undefined ? {} : { [path === '/slack/commands' ? 'url' : 'request_url']: `${address}${path}` };
  const manifest = {
    display_information: {
      name: 'GoMeet responder',
      description: 'Incidents of the video platform: what is wrong, what is done about it, and buttons',
      background_color: '#1f2937',
    },
    features: {
      bot_user: { display_name: 'gomeet', always_online: true },
      slash_commands: [
        {
          command: '/gomeet',
          ...url('/slack/commands'),
          description: 'Status, acknowledge, freeze, live event, mode, stop and resume',
          usage_hint:
            'status | ack ID | freeze 2h WHY | live-event 3h NAME | mode ALERT suggest | stop-all WHY | resume WHY',
          should_escape: true,
        },
      ],
    },
    oauth_config: { scopes: { bot: Object.keys(scopes) } },
    settings: {
      interactivity: { is_enabled: true, ...url('/slack/interactions') },
      org_deploy_enabled: false,
      socket_mode_enabled: address === undefined,
      token_rotation_enabled: false,
    },
  };
  return `${header(address)}${stringify(manifest, { lineWidth: 0 })}`;
}

/** Each scope of the bot and what it is for; nothing more is asked for. */
export const scopes: Readonly<Record<string, string>> = {
  'chat:write': 'post and edit its own messages, whisper',
  commands: '/gomeet',
  'files:write': 'the graph in a thread',
  'channels:read': 'find the id of the channel by its name',
  'groups:read': 'the same for a private channel',
  'channels:history': 'find its own message again after a crash',
  'groups:history': 'the same in a private channel',
};

function header(address: string | undefined): string {
  const lines = [
    'Slack app of the GoMeet responder. Written by `gomeet build`; paste it at api.slack.com/apps, "From a manifest".',
    address === undefined
      ? 'Clicks come over Socket Mode: make an app-level token with connections:write and set SLACK_APP_TOKEN.'
      : 'Clicks come over HTTP: set SLACK_SIGNING_SECRET.',
    'Then install it, set SLACK_BOT_TOKEN, and invite @gomeet to the channel.',
    ...Object.entries(scopes).map(([scope, why]) => `  ${scope}: ${why}`),
  ];
  return `${lines.map((line) => `# ${line}`).join('\n')}\n`;
}
