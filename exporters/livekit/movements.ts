import type { LiveKitEvent } from './domain.ts';

/** Joins and leaves since the start. */
export interface Movements {
  /** Takes a join or a leave from a webhook. */
  event(event: LiveKitEvent): void;
  /** Compares with the people in each room by sid, and makes good what no webhook reported; true when something had to be. */
  observe(people: ReadonlyMap<string, number>): boolean;
}

/** Where joins and leaves are counted. */
export interface MovementCounters {
  join(count: number): void;
  /** `reason` is LiveKit's, or `unreported` for what only polls saw. */
  leave(reason: string, count: number): void;
}

interface Balance {
  /** Participants by what has been counted so far. */
  expected: number;
  /** How far the poll was off at the last poll: only what is still off at the next one is a lost webhook and not a late one. */
  drift: number;
  /** Counted from a poll; should the webhook come after all, it is not counted again. */
  creditJoins: number;
  creditLeaves: number;
  pollsAbsent: number;
}

// Ten minutes at the usual interval: a webhook is dropped by LiveKit after 30 s and at most five attempts.
const forgetAfterPolls = 40;

/** Counts joins and leaves from webhooks, corrected by polls. A person who comes and goes between two polls unreported is not seen; agents and recorders are not counted, as in ListRooms. */
export function createMovements(counters: MovementCounters): Movements {
  const balances = new Map<string, Balance>();
  let polled = false;

  function balanceOf(sid: string): Balance {
    const known = balances.get(sid);
    if (known !== undefined) return known;
    const fresh: Balance = { expected: 0, drift: 0, creditJoins: 0, creditLeaves: 0, pollsAbsent: 0 };
    balances.set(sid, fresh);
    return fresh;
  }

  return {
    event({ event, room, participant, disconnectReason }) {
      if (room === undefined || participant === undefined || participant.hidden) return;
      if (participant.kind === 'agent' || participant.kind === 'egress') return;
      if (event === 'participant_joined') {
        const balance = balanceOf(room.sid);
        if (balance.creditJoins > 0) balance.creditJoins -= 1;
        else {
          balance.expected += 1;
          counters.join(1);
        }
      } else if (event === 'participant_left') {
        const balance = balanceOf(room.sid);
        if (balance.creditLeaves > 0) balance.creditLeaves -= 1;
        else {
          balance.expected -= 1;
          counters.leave(disconnectReason ?? 'unknown_reason', 1);
        }
      }
    },

    observe(listed) {
      if (!polled) {
        polled = true;
        for (const [sid, count] of listed) balanceOf(sid).expected = count;
        return false;
      }
      for (const sid of listed.keys()) balanceOf(sid);
      let corrected = false;
      for (const [sid, balance] of balances) {
        const count = listed.get(sid);
        balance.pollsAbsent = count === undefined ? balance.pollsAbsent + 1 : 0;
        corrected = correct(balance, (count ?? 0) - balance.expected, counters) || corrected;
        if (balance.pollsAbsent > forgetAfterPolls) balances.delete(sid);
      }
      return corrected;
    },
  };
}

function correct(balance: Balance, drift: number, counters: MovementCounters): boolean {
  const lasting =
    Math.sign(drift) === Math.sign(balance.drift) ? Math.min(Math.abs(drift), Math.abs(balance.drift)) : 0;
  if (lasting > 0 && drift > 0) {
    counters.join(lasting);
    balance.creditJoins += lasting;
    balance.expected += lasting;
  } else if (lasting > 0) {
    counters.leave('unreported', lasting);
    balance.creditLeaves += lasting;
    balance.expected -= lasting;
  }
  balance.drift = drift - Math.sign(drift) * lasting;
  return lasting > 0;
}
