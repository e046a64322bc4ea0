import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { KnownSeries } from './promql.ts';

type Labels = ReadonlySet<string>;
/** Numbers have no series, and so no labels of their own. */
type Result = Labels | 'number';

interface Reading {
  readonly text: (node: SyntaxNode) => string;
  readonly known: ReadonlyMap<string, KnownSeries>;
}

/** The labels that the series of an answer may have: what a legend, a column or a link can take its word from. Of an unknown metric none. */
export function resultLabels(expr: string, known: ReadonlyMap<string, KnownSeries>): Labels {
  const { topNode } = parser.parse(expr);
  const result = labelsOf(topNode, { text: (node) => expr.slice(node.from, node.to), known });
  return result === 'number' ? new Set() : result;
}

function labelsOf(node: SyntaxNode | null, reading: Reading): Result {
  switch (node?.name) {
    case 'VectorSelector': {
      const name = node.getChild('Identifier');
      return reading.known.get(name === null ? '' : reading.text(name))?.labels ?? new Set();
    }
    case 'AggregateExpr':
      return aggregated(node, reading);
    case 'FunctionCall':
      return called(node, reading);
    case 'BinaryExpr':
      return joined(node, reading);
    case 'NumberDurationLiteral':
    case 'StringLiteral':
      return 'number';
    default:
      // Brackets, ranges, offsets and signs change no label.
      return node === undefined || node === null ? 'number' : firstVector(node, reading);
  }
}

function firstVector(node: SyntaxNode, reading: Reading): Result {
  const found = childrenOf(node).map((child) => labelsOf(child, reading));
  return found.find((result) => result !== 'number') ?? 'number';
}

function aggregated(node: SyntaxNode, reading: Reading): Result {
  const inner = firstVector(node.getChild('FunctionCallBody') ?? node, reading);
  const modifier = node.getChild('AggregateModifier');
  const op = reading.text(node.getChild('AggregateOp') ?? node);
  if (/^(topk|bottomk|limitk)$/.test(op)) return inner;
  const named = modifier === null ? [] : grouping(modifier.getChild('GroupingLabels'), reading);
  if (modifier?.getChild('Without')) return without(inner, named);
  return new Set(named);
}

function called(node: SyntaxNode, reading: Reading): Result {
  const name = reading.text(node.getChild('FunctionIdentifier') ?? node);
  const body = node.getChild('FunctionCallBody');
  if (/^(vector|time|scalar)$/.test(name) || body === null) return name === 'vector' ? new Set() : 'number';
  const inner = firstVector(body, reading);
  if (name === 'histogram_quantile') return without(inner, ['le']);
  if (!/^label_(replace|join)$/.test(name)) return inner;
  const [made] = body.getChildren('StringLiteral').map((literal) => reading.text(literal).slice(1, -1));
  return new Set([...(inner === 'number' ? [] : inner), ...(made === undefined ? [] : [made])]);
}

function joined(node: SyntaxNode, reading: Reading): Result {
  const sides = childrenOf(node).filter(({ name }) => /Expr$|Selector$|Call$|Literal$/.test(name));
  const [left = 'number', right = 'number'] = [sides[0], sides.at(-1)].map((side) => labelsOf(side ?? null, reading));
  if (left === 'number') return right;
  if (right === 'number') return left;
  if (node.getChild('Or')) return new Set([...left, ...right]);
  const matching = node.getChild('MatchingModifierClause');
  if (matching === null || node.getChild('And') || node.getChild('Unless')) return left;
  const [on, carried] = matching.getChildren('GroupingLabels').map((labels) => grouping(labels, reading));
  if (matching.getChild('GroupLeft')) return new Set([...left, ...(carried ?? [])]);
  if (matching.getChild('GroupRight')) return new Set([...right, ...(carried ?? [])]);
  return matching.getChild('On') ? new Set(on) : without(left, on ?? []);
}

function without(labels: Result, gone: readonly string[]): Result {
  return labels === 'number' ? labels : new Set([...labels].filter((label) => !gone.includes(label)));
}

function grouping(node: SyntaxNode | null, { text }: Reading): readonly string[] {
  return node === null ? [] : node.getChildren('LabelName').map(text);
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}
