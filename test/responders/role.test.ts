import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actions, roleRules } from '../../responders/act/index.ts';
import { roleObjects } from '../../responders/role.ts';

test('the Role holds every verb that an action declares', () => {
  const granted = new Set(
    roleRules().flatMap(({ apiGroups, resources, verbs }) =>
      verbs.map((verb) => `${apiGroups[0]}/${resources[0]} ${verb}`),
    ),
  );
  for (const { name, rbac } of Object.values(actions))
    for (const { apiGroups, resources, verbs } of rbac)
      for (const verb of verbs)
        assert.ok(granted.has(`${apiGroups[0]}/${resources[0]} ${verb}`), `${name} needs ${verb} on ${resources[0]}`);
});

test('it grants neither secrets, nor deletion, nor wildcards', () => {
  const text = JSON.stringify(roleObjects());
  assert.doesNotMatch(text, /secrets|delete|"\*"|escalate|impersonate/);
});
