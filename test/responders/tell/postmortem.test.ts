import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { renderAppManifest } from '../../../responders/tell/app-manifest.ts';
import { incidentTimes, renderPostmortem } from '../../../responders/tell/postmortem.ts';
import { entryOf, episodeOf, incidentOf, runOf, threeAtNight, viewOf } from '../../support/incident-view.ts';

describe('the postmortem draft', () => {
  const closed = incidentOf({
    closedAtMs: threeAtNight + 540_000,
    acknowledgedAtMs: threeAtNight + 61_000,
    acknowledgedBy: 'slack:T0/U1',
    sev: 2,
    commander: 'slack:T0/U1',
  });

  it('has the warnings that the outage response saw, each once, which the cluster has long forgotten', () => {
    const warning = ['2026-11-21 02:58:00', 'BackOff', 'Pod/auth-1', 'back-off <restarting>'];
    const looked = (id: string, rows: readonly (readonly string[])[]) =>
      runOf({
        id,
        action: 'respondToOutage',
        change: {
          steps: [
            {
              kind: 'events',
              title: 'warnings',
              input: {},
              withinMs: 1,
              state: 'done',
              result: { table: { columns: ['at (UTC)', 'reason', 'object', 'message'], rows } },
            },
          ],
        },
      });
    const later = ['2026-11-21 03:20:00', 'Unhealthy', 'Pod/auth-1', 'probe failed'];

    const text = renderPostmortem(
      viewOf({ incident: closed, runs: [looked('1', [warning]), looked('2', [later, warning])] }),
    );

    assert.match(text, /## Warnings of the cluster, six hours back\n\n\| at \(UTC\) \| reason/);
    assert.equal(text.split('BackOff').length, 2);
    assert.ok(text.indexOf('BackOff') < text.indexOf('Unhealthy'));
    assert.doesNotMatch(text, /<restarting>/);
    assert.doesNotMatch(renderPostmortem(viewOf({ incident: closed, runs: [] })), /Warnings of the cluster/);
  });

  it('has what the cluster says when it is written, how far back that goes, and why it could not be asked', () => {
    const view = viewOf({ incident: closed, runs: [] });
    const warnings = {
      columns: ['at (UTC)', 'reason', 'object', 'message'],
      rows: [['2026-11-21 02:58:00', 'BackOff', 'Pod/auth-1', 'back-off']],
      reasons: new Map([['BackOff', 1]]),
      oldestMs: Date.parse('2026-11-21T02:30:00Z'),
    };
    assert.match(renderPostmortem(view, warnings), /oldest event .* 2026-11-21 02:30.*\n\n\| at .*BackOff/s);
    const forgotten = renderPostmortem(view, { ...warnings, rows: [], oldestMs: undefined });
    assert.match(forgotten, /keeps no event any more.*None is known/s);
    assert.match(renderPostmortem(view, 'kubernetes: cannot be reached'), /could not be asked .*cannot be reached/);
  });

  it('has the times, the acts with what became of them, and the timeline', () => {
    const view = viewOf({
      incident: closed,
      runs: [runOf({ state: 'verified', finishedAtMs: threeAtNight + 91_400, approvals: ['slack:T0/U2'] })],
      journal: [
        entryOf(1, { kind: 'fired', text: 'SfuSaturated on sfu-3' }),
        entryOf(2, { kind: 'acted', text: 'five replicas' }),
      ],
      impairedParticipantMinutes: 812.4,
    });

    const text = renderPostmortem(view);

    for (const line of [
      '| Time to detect | 40 s |',
      '| Time to acknowledge | 1 min |',
      '| Time to resolve | 9 min |',
      '| Impaired participant-minutes | 812 |',
      '- Add 1 SFU node (4 to 5), no meeting is touched, $0.25/h more: done, effect verified; asked by responder, approved by slack:T0/U2, effect seen after 2 min',
      '- 2026-11-21 03:04:06 **fired** SfuSaturated on sfu-3 (responder)',
      '- 2026-11-21 03:04:07 **acted** five replicas (responder)',
    ])
      assert.ok(text.includes(line), `${line}\n---\n${text}`);
  });

  it('says what never happened and invents nothing', () => {
    const text = renderPostmortem(viewOf());

    assert.match(text, /\| Time to acknowledge \| never \|/);
    assert.match(text, /\| Closed \| still open \|/);
    assert.match(text, /\| Impaired participant-minutes \| not measured \|/);
    assert.match(text, /No act was taken or proposed\./);
  });

  it('is never negative about time, whatever the clocks said', () => {
    const view = viewOf({
      incident: incidentOf({ acknowledgedAtMs: threeAtNight - 5_000, closedAtMs: threeAtNight - 1 }),
      episodes: [episodeOf({ startsAtMs: threeAtNight + 9_000 })],
    });

    assert.deepEqual(incidentTimes(view), { timeToDetectMs: 0, timeToAcknowledgeMs: 0, timeToResolveMs: 0 });
  });

  it('lets no label make a heading, a link, HTML or a new line of the timeline', () => {
    const text = renderPostmortem(
      viewOf({
        incident: incidentOf({ title: '](http://evil) <script>\n# Owned' }),
        journal: [entryOf(1, { text: 'x\n- 2026 **acted** [a](b) token=hunter22' })],
      }),
    );

    assert.equal(/^# Owned|<script>|hunter22|^- 2026 \*\*acted/m.test(text), false, text);
  });

  it('folds what repeats and leaves out the middle of a storm', () => {
    const same = Array.from({ length: 50 }, (_, index) => entryOf(index, { text: 'again' }));
    const storm = Array.from({ length: 5_000 }, (_, index) => entryOf(index + 50));

    assert.match(renderPostmortem(viewOf({ journal: same })), /again \(responder, 50 times\)/);
    assert.match(renderPostmortem(viewOf({ journal: storm })), /4,700 lines left out/);
  });
});

describe("the Slack app's manifest", () => {
  it('is what stands in generated/', () => {
    assert.equal(
      readFileSync(new URL('../../../generated/slack-app-manifest.yaml', import.meta.url), 'utf8'),
      renderAppManifest(),
    );
  });

  it('names both addresses when clicks come by HTTP, and none when they come by socket', () => {
    const http = parse(renderAppManifest({ publicUrl: 'https://sre.example.com/' }));

    assert.equal(http.settings.interactivity.request_url, 'https://sre.example.com/slack/interactions');
    assert.equal(http.features.slash_commands[0].url, 'https://sre.example.com/slack/commands');
    assert.deepEqual(
      [http.settings.socket_mode_enabled, parse(renderAppManifest()).settings.socket_mode_enabled],
      [false, true],
    );
    assert.equal(renderAppManifest().includes('request_url'), false);
  });
});
