import type { PolicyRule } from '../../act/define.ts';
import { clusterScoped } from '../../role.ts';
import type { KubernetesClient } from './client.ts';

/** Asks the API server about each rule (SelfSubjectAccessReview) and returns what is missing, verb by verb; empty means that nothing is. */
export async function mayI(client: KubernetesClient, rules: readonly PolicyRule[]): Promise<readonly PolicyRule[]> {
  const questions = rules.flatMap(questionsOf);
  const answers = await Promise.all(
    questions.map(async (question) => ({ question, allowed: await isAllowed(client, question) })),
  );
  return answers.filter(({ allowed }) => !allowed).map(({ question }) => ruleOf(question));
}

interface Question {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  readonly name: string | undefined;
}

function questionsOf(rule: PolicyRule): readonly Question[] {
  const names = rule.resourceNames ?? [undefined];
  return rule.apiGroups.flatMap((group) =>
    rule.resources.flatMap((resource) =>
      rule.verbs.flatMap((verb) => names.map((name) => ({ group, resource, verb, name }))),
    ),
  );
}

function ruleOf({ group, resource, verb, name }: Question): PolicyRule {
  return {
    apiGroups: [group],
    resources: [resource],
    ...(name === undefined ? {} : { resourceNames: [name] }),
    verbs: [verb],
  };
}

async function isAllowed(client: KubernetesClient, { group, resource: path, verb, name }: Question): Promise<boolean> {
  const [resource = '', subresource] = path.split('/');
  const resourceAttributes = {
    group,
    resource,
    verb,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
    // Asked within a namespace, a Role that names nodes would be said to suffice although it grants nothing.
    ...(clusterScoped.has(resource) ? {} : { namespace: client.namespace }),
  };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
  const review = await client.read((options) => client.authorization.createSelfSubjectAccessReview({ body }, options));
  return review.status?.allowed ?? false;
}

/** The name under which the API server knows whoever calls (SelfSubjectReview); undefined when it does not say. */
export async function reviewedUser(client: KubernetesClient): Promise<string | undefined> {
  const review = await client.read((options) => client.authentication.createSelfSubjectReview({ body: {} }, options));
  return review.status?.userInfo?.username;
}
