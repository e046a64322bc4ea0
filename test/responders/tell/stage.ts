import { afterEach, beforeEach } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { type FakeSlack, startFakeSlack } from '../../../lab/fakes/slack.ts';
import { createSlackChat } from '../../../responders/adapters/slack/chat.ts';
import { createDelivery, type Delivery } from '../../../responders/tell/deliver.ts';
import type { DeliveryDeps, Pace, TellOutcome } from '../../../responders/tell/pace.ts';
import { entryOf, viewOf } from '../../support/incident-view.ts';
import { type MemoryThreads, memoryThreads } from '../../support/thread-store.ts';

/** A fake Slack and an empty store for each test of the describe that it is called in. */
export function deliveryStage() {
  let slack: FakeSlack;
  let threads: MemoryThreads;
  let outcomes: TellOutcome[];

  beforeEach(async () => {
    slack = await startFakeSlack();
    threads = memoryThreads();
    outcomes = [];
  });
  afterEach(() => slack.close());

  function delivery(pace: Partial<Pace> = {}, more: Partial<DeliveryDeps> = {}): Delivery {
    return createDelivery({
      store: threads,
      chat: createSlackChat({ token: 'xoxb-test-token', apiUrl: slack.apiUrl, log: silentLog }),
      channel: '#gomeet-alerts',
      clock: systemClock,
      log: silentLog,
      pace: { messageIntervalMs: 1, editIntervalMs: 60_000, backoffMaxMs: 40, ...pace },
      onOutcome: (outcome) => outcomes.push(outcome),
      ...more,
    });
  }

  /** Ticks until nothing is due, or the time is over. */
  async function tellAll(told: Delivery, forMs = 5_000): Promise<void> {
    const until = Date.now() + forMs;
    let idle = 0;
    while (idle < 8 && Date.now() < until) {
      idle = (await told.tick()) === 0 ? idle + 1 : 0;
      await told.settled();
      await delay(15);
    }
  }

  function open(view = viewOf()): void {
    threads.put('7', view);
    threads.add('7', entryOf(1, { kind: 'fired' }), entryOf(2, { kind: 'intended', text: 'add a node' }));
  }

  const count = (method: string) => slack.calls.filter((call) => call.method === method && call.ok).length;
  const parent = () => slack.thread()[0];
  const replies = () =>
    slack
      .thread(parent()?.ts)
      .map((message) => message.blocks[0])
      .map((block) => (block?.type === 'section' ? block.text.text : ''));

  return {
    get slack() {
      return slack;
    },
    get threads() {
      return threads;
    },
    get outcomes() {
      return outcomes;
    },
    delivery,
    tellAll,
    open,
    count,
    parent,
    replies,
  };
}
