import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import type { ActionName } from '../../alerts/vocabulary.ts';
import { UsageError } from '../../kernel/errors.ts';
import type { ButtonKind } from '../tell/blocks.ts';
import type { CommandName } from './command.ts';

/** What a person may do; each includes the ones before it. */
export const roles = ['view', 'operate', 'approve'] as const;
export type Role = (typeof roles)[number];

/** One person, by every name under which they can reach us. */
export interface Person {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly roles: readonly Role[];
}

/** Who may do what. */
export type People = readonly Person[];

const Subject = z
  .string()
  .regex(
    /^(slack:[TE][A-Z0-9]+\/[UW][A-Z0-9]+|console:[\w.@-]+|cli:[\w.@:-]+)$/,
    'want slack:TEAM/USER, console:NAME or cli:NAME',
  );
const PeopleFile = z.strictObject({
  people: z.array(
    z.strictObject({
      name: z.string().min(1),
      subjects: z.array(Subject).min(1),
      roles: z.array(z.enum(roles)).min(1),
    }),
  ),
});

/** Reads PEOPLE_FILE: `people: [{ name, subjects: [slack:T0/U1, console:ana], roles: [operate] }]`. Throws a UsageError that names the place; a subject that stands twice is refused, since two people cannot be one. */
export function parsePeople(text: string): People {
  const parsed = PeopleFile.safeParse(parseYaml(text));
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'file'}: ${issue.message}`);
    throw new UsageError(`PEOPLE_FILE:\n  ${lines.join('\n  ')}`);
  }
  const seen = new Set<string>();
  for (const subject of parsed.data.people.flatMap((person) => person.subjects)) {
    if (seen.has(subject)) throw new UsageError(`PEOPLE_FILE: ${subject} stands there twice`);
    seen.add(subject);
  }
  return parsed.data.people;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new UsageError(`PEOPLE_FILE: ${error instanceof YAMLParseError ? error.message : 'not YAML'}`);
  }
}

/** The person behind a subject; undefined for a stranger. */
export function personOf(people: People, subject: string): Person | undefined {
  return people.find((person) => person.subjects.includes(subject));
}

/** Whether a subject has a role. A stranger has none. */
export function may(people: People, subject: string, role: Role): boolean {
  const person = personOf(people, subject);
  return person?.roles.some((held) => roles.indexOf(held) >= roles.indexOf(role)) ?? false;
}

/** Whether two subjects are one person: by name in the file, else by being the same word. */
export function samePerson(people: People, one: string, other: string): boolean {
  if (one === other) return true;
  const first = personOf(people, one);
  return first !== undefined && first === personOf(people, other);
}

/** The role each button needs. Looking for a cause and calling a person are open to everyone who may look. */
export const buttonRoles: Readonly<Record<ButtonKind, Role>> = {
  acknowledge: 'operate',
  approve: 'approve',
  deny: 'approve',
  scale: 'operate',
  restart: 'operate',
  troubleshoot: 'view',
  silence: 'operate',
  openIncident: 'operate',
  escalate: 'view',
  noise: 'operate',
};

/** The role each slash command needs: stopping is easy, letting loose is not. */
export const commandRoles: Readonly<Record<CommandName, Role>> = {
  status: 'view',
  ack: 'operate',
  freeze: 'operate',
  'live-event': 'operate',
  'stop-all': 'operate',
  resume: 'approve',
  mode: 'approve',
};

/** The action that a request by button asks for. */
export const buttonActions = {
  scale: 'scaleSfu',
  restart: 'restartWorkload',
  silence: 'silenceAlert',
  openIncident: 'openIncident',
} as const satisfies Partial<Record<ButtonKind, ActionName>>;
