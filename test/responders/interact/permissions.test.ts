import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../../../kernel/errors.ts';
import { may, parsePeople, samePerson } from '../../../responders/interact/permissions.ts';

const file = `
people:
  - name: Ana
    subjects: [slack:T0/U1, console:ana]
    roles: [approve]
  - name: Bob
    subjects: [slack:T0/U2]
    roles: [operate]
  - name: Eve
    subjects: [slack:T0/U3]
    roles: [view]
`;

describe('who may do what', () => {
  const people = parsePeople(file);

  it('goes by team and user id', () => {
    assert.equal(may(people, 'slack:T0/U1', 'approve'), true);
    assert.equal(may(people, 'slack:T9/U1', 'view'), false);
    assert.equal(may(people, 'slack:T0/U9', 'view'), false);
    assert.equal(may(people, 'U1', 'view'), false);
  });

  it('lets a role do what the ones before it may, and no more', () => {
    assert.equal(may(people, 'slack:T0/U2', 'view'), true);
    assert.equal(may(people, 'slack:T0/U2', 'approve'), false);
    assert.equal(may(people, 'slack:T0/U3', 'operate'), false);
  });

  it('knows one person under several names', () => {
    assert.equal(samePerson(people, 'slack:T0/U1', 'console:ana'), true);
    assert.equal(samePerson(people, 'slack:T0/U1', 'slack:T0/U2'), false);
    assert.equal(samePerson(people, 'slack:T9/U8', 'slack:T9/U9'), false);
  });

  it('gives nobody anything when the file is empty of people', () => {
    assert.equal(may(parsePeople('people: []'), 'slack:T0/U1', 'view'), false);
  });

  it('refuses a file that is wrong, and says where', () => {
    const wrong: [string, RegExp][] = [
      ['people: [{ name: A, subjects: [U1], roles: [view] }]', /people\.0\.subjects\.0: want slack:TEAM\/USER/],
      ['people: [{ name: A, subjects: ["slack:T0/U1"], roles: [root] }]', /people\.0\.roles\.0/],
      ['people: [{ name: A, subjects: ["slack:*/*"], roles: [view] }]', /subjects\.0/],
      ['people: [{ name: A, subjects: ["slack:T0/U1"], roles: [view], admin: true }]', /people\.0/],
      [
        'people: [{ name: A, subjects: ["slack:T0/U1"], roles: [view] }, { name: B, subjects: ["slack:T0/U1"], roles: [view] }]',
        /stands there twice/,
      ],
      ['people: [', /PEOPLE_FILE/],
      ['', /PEOPLE_FILE/],
    ];
    for (const [text, message] of wrong)
      assert.throws(
        () => parsePeople(text),
        (error) => error instanceof UsageError && message.test(error.message),
        text,
      );
  });
});
