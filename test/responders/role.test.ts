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

test('it grants no wildcard, no rights to give rights, and no listing of secrets, which are named', () => {
  const text = JSON.stringify(roleObjects());
  assert.doesNotMatch(text, /"\*"|escalate|impersonate|"bind"|exec|roles"/);
  const secrets = roleRules().filter(({ resources }) => resources.includes('secrets'));
  assert.ok(secrets.length > 0);
  for (const { resourceNames, verbs } of secrets) {
    assert.ok((resourceNames?.length ?? 0) > 0);
    assert.deepEqual(
      verbs.filter((verb) => verb !== 'get' && verb !== 'patch'),
      [],
    );
  }
});

test('it may delete only what it makes itself or what a controller makes again, and nothing that holds data', () => {
  const deletable = roleRules().flatMap(({ verbs, resources }) => (verbs.includes('delete') ? resources : []));
  assert.deepEqual([...new Set(deletable)].sort(), [
    'deployments',
    'horizontalpodautoscalers',
    'ingressroutes',
    'networkpolicies',
    'pods',
    'scaledobjects',
    'services',
    'traefikservices',
  ]);
});
