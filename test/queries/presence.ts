import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** Takes part of an expression away, or puts something in. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const comparisons: ReadonlySet<string> = new Set(['Eql', 'Neq', 'Gte', 'Lte', 'Gtr', 'Lss']);

/**
 * Forms of an expression that answer something whenever what they read is there, whatever its values are; an alert that
 * does not fire answers nothing, and `or vector(0)` answers always. Comparisons become 0 or 1, what `unless` or
 * `absent` look for is asked for itself, a moment of last week is asked for now. Each form keeps one branch of each `or`,
 * and every branch is in a form.
 */
export function presenceForms(expr: string): readonly string[] {
  const branches = Math.max(1, ...orsIn(parser.parse(expr).topNode).map((or) => branchesOf(or, expr).length));
  return [...new Set(Array.from({ length: branches }, (_, branch) => form(expr, branch)))];
}

function orsIn(node: SyntaxNode): readonly SyntaxNode[] {
  return [...(isOr(node) ? [node] : []), ...childrenOf(node).flatMap(orsIn)];
}

function isOr(node: SyntaxNode): boolean {
  return node.name === 'BinaryExpr' && node.getChild('Or') !== null;
}

/** The branches of `a or b or c`; one that is always there is none. */
function branchesOf(node: SyntaxNode, expr: string): readonly SyntaxNode[] {
  if (!isOr(node)) return /^\(?\s*(vector\(|0 \*)/.test(expr.slice(node.from, node.to)) ? [] : [node];
  const [left, right] = [node.firstChild, node.lastChild];
  return [left, right].flatMap((side) => (side === null ? [] : branchesOf(side, expr)));
}

function form(expr: string, branch: number): string {
  const edits = editsOf(parser.parse(expr).topNode, expr, branch);
  let result = expr;
  for (const { from, to, text } of [...edits].sort((a, b) => b.from - a.from || b.to - a.to))
    result = result.slice(0, from) + text + result.slice(to);
  return result;
}

/** What is taken away is not looked into: no edit lies inside another. */
function editsOf(node: SyntaxNode, expr: string, branch: number): readonly Edit[] {
  const own = editOf(node, expr, branch);
  if (own !== undefined) {
    const kept = own.keep;
    const before = { from: node.from, to: kept.from, text: own.before ?? '' };
    const after = { from: kept.to, to: node.to, text: own.after ?? '' };
    return [before, ...editsOf(kept, expr, branch), after];
  }
  const inside = childrenOf(node).flatMap((child) => editsOf(child, expr, branch));
  const operator = childrenOf(node).find(({ name }) => comparisons.has(name));
  if (node.name === 'BinaryExpr' && operator !== undefined && node.getChild('BoolModifier') === null)
    return [...inside, { from: operator.to, to: operator.to, text: ' bool' }];
  return inside;
}

function editOf(
  node: SyntaxNode,
  expr: string,
  branch: number,
): { keep: SyntaxNode; before?: string; after?: string } | undefined {
  const children = childrenOf(node);
  const [first] = children;
  if (first === undefined) return undefined;
  if (node.name === 'BinaryExpr') {
    if (node.getChild('Unless') !== null) return { keep: first };
    if (!isOr(node)) return undefined;
    const branches = branchesOf(node, expr);
    return { keep: branches[branch % branches.length] ?? first };
  }
  if (node.name === 'OffsetExpr') return { keep: first };
  if (node.name === 'FunctionCall') {
    const name = expr.slice(first.from, first.to);
    const argument =
      node.getChild('FunctionCallBody')?.firstChild?.nextSibling ?? node.getChild('FunctionCallBody')?.firstChild;
    if (argument === null || argument === undefined) return undefined;
    if (name === 'absent') return { keep: argument, before: '(', after: ')' };
    if (name === 'absent_over_time') return { keep: argument, before: 'present_over_time(', after: ')' };
  }
  return undefined;
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}
