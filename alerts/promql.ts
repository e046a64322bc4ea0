import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { closest } from 'fastest-levenshtein';

/** What the lint knows of a series name: its type, and the labels that its emitter and its scrape put on it. */
export interface KnownSeries {
  readonly counter: boolean;
  readonly labels: ReadonlySet<string>;
}

const counterOnly: ReadonlySet<string> = new Set(['rate', 'irate', 'increase', 'resets']);
const gaugeOnly: ReadonlySet<string> = new Set(['delta', 'idelta', 'deriv', 'predict_linear']);

/** Everything that is wrong with an expression, each as a sentence; empty when it parses and uses only what is known. */
export function lintPromql(expr: string, known: ReadonlyMap<string, KnownSeries>): readonly string[] {
  const tree = parser.parse(expr);
  const broken = find(tree, (node) => node.type.isError)[0];
  if (broken !== undefined) return [`does not parse at character ${broken.from}: ${excerpt(expr, broken.from)}`];
  const text = (node: SyntaxNode) => expr.slice(node.from, node.to);
  return [
    ...find(tree, (node) => node.name === 'VectorSelector').flatMap((node) => lintSelector(node, text, known)),
    ...find(tree, (node) => node.name === 'GroupingLabels').flatMap((node) => lintGrouping(node, text, known)),
    ...find(tree, (node) => node.name === 'FunctionCall').flatMap((node) => lintFunction(node, text, known)),
  ];
}

/** The series names that an expression reads, each once; throws a SyntaxError when it does not parse. */
export function seriesIn(expr: string): readonly string[] {
  return [
    ...new Set(
      find(parsed(expr), (node) => node.name === 'VectorSelector').flatMap(
        (node) => metricName(node, (part) => expr.slice(part.from, part.to)) ?? [],
      ),
    ),
  ];
}

/** Where the durations of an expression stand (ranges, offsets, steps): [from, to, text]; throws a SyntaxError when it does not parse. */
export function durationsIn(expr: string): readonly (readonly [number, number, string])[] {
  return find(parsed(expr), (node) => node.name === 'NumberDurationLiteralInDurationContext').map(
    (node) => [node.from, node.to, expr.slice(node.from, node.to)] as const,
  );
}

function parsed(expr: string): Tree {
  const tree = parser.parse(expr);
  const broken = find(tree, (node) => node.type.isError)[0];
  if (broken !== undefined)
    throw new SyntaxError(`PromQL does not parse at character ${broken.from}: ${excerpt(expr, broken.from)}`);
  return tree;
}

function lintSelector(
  node: SyntaxNode,
  text: (node: SyntaxNode) => string,
  known: ReadonlyMap<string, KnownSeries>,
): string[] {
  const name = metricName(node, text);
  if (name === undefined) return [`names no metric: ${text(node)}`];
  const series = known.get(name);
  if (series === undefined) return [`unknown metric ${name}${didYouMean(name, [...known.keys()])}`];
  return within(node, (part) => part.name === 'UnquotedLabelMatcher')
    .map((matcher) => text(matcher.firstChild ?? matcher))
    .filter((label) => !series.labels.has(label))
    .map((label) => `${name} has no label ${label}${didYouMean(label, [...series.labels])}`);
}

/** Labels in by(), on(), group_left() must be on a series of the expression they belong to, or be made there by label_replace or label_join. */
function lintGrouping(
  node: SyntaxNode,
  text: (node: SyntaxNode) => string,
  known: ReadonlyMap<string, KnownSeries>,
): string[] {
  let scope: SyntaxNode | null = node.parent;
  while (scope !== null && scope.name !== 'AggregateExpr' && scope.name !== 'BinaryExpr') scope = scope.parent;
  if (scope === null) return [];
  const labels = labelsWithin(scope, text, known);
  return within(node, (part) => part.name === 'LabelName')
    .map(text)
    .filter((label) => !labels.has(label))
    .map((label) => `no series here has the label ${label}${didYouMean(label, [...labels])}`);
}

function labelsWithin(
  scope: SyntaxNode,
  text: (node: SyntaxNode) => string,
  known: ReadonlyMap<string, KnownSeries>,
): ReadonlySet<string> {
  const labels = new Set<string>();
  for (const selector of within(scope, (part) => part.name === 'VectorSelector')) {
    for (const label of known.get(metricName(selector, text) ?? '')?.labels ?? []) labels.add(label);
  }
  for (const call of within(scope, (part) => part.name === 'FunctionCall')) {
    if (!/^label_(replace|join)$/.test(functionName(call, text))) continue;
    const own = (part: SyntaxNode) => part.parent?.parent?.from === call.from && part.parent.parent.to === call.to;
    const made = within(call, (part) => part.name === 'StringLiteral' && own(part))[0];
    if (made !== undefined) labels.add(text(made).slice(1, -1));
  }
  return labels;
}

function lintFunction(
  node: SyntaxNode,
  text: (node: SyntaxNode) => string,
  known: ReadonlyMap<string, KnownSeries>,
): string[] {
  const name = functionName(node, text);
  if (!counterOnly.has(name) && !gaugeOnly.has(name)) return [];
  return within(node, (part) => part.name === 'VectorSelector').flatMap((selector) => {
    const metric = metricName(selector, text) ?? '';
    const series = known.get(metric);
    if (series === undefined || series.counter === counterOnly.has(name)) return [];
    return [
      series.counter
        ? `${name}() over the counter ${metric}: use rate()`
        : `${name}() over ${metric}, which is no counter`,
    ];
  });
}

function metricName(selector: SyntaxNode, text: (node: SyntaxNode) => string): string | undefined {
  const identifier = selector.getChild('Identifier');
  return identifier === null ? undefined : text(identifier);
}

function functionName(call: SyntaxNode, text: (node: SyntaxNode) => string): string {
  const identifier = call.getChild('FunctionIdentifier');
  return identifier === null ? '' : text(identifier);
}

function find(tree: Tree, wanted: (node: SyntaxNode) => boolean): SyntaxNode[] {
  return within(tree.topNode, wanted);
}

function within(root: SyntaxNode, wanted: (node: SyntaxNode) => boolean): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  root.cursor().iterate((ref) => {
    if (wanted(ref.node)) found.push(ref.node);
  });
  return found;
}

function didYouMean(word: string, among: readonly string[]): string {
  return among.length === 0 ? '' : `; did you mean ${closest(word, among)}?`;
}

function excerpt(expr: string, at: number): string {
  return JSON.stringify(expr.slice(Math.max(0, at - 20), at + 20));
}
