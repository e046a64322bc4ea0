import { parser } from '@prometheus-io/lezer-promql';
import type { Rule, RuleGroup } from '../../alerts/render.ts';

/** Rules made wrong in one way. */
export interface Mutant {
  readonly what: string;
  readonly rules: readonly RuleGroup[];
}

const opposite: Readonly<Record<string, string>> = {
  '>': '<=',
  '<': '>=',
  '>=': '<',
  '<=': '>',
  '==': '!=',
  '!=': '==',
};
/** Both ways by which a threshold is moved. */
const factors = [0.8, 1.2];

/**
 * Each comparison turned round; each figure moved by a fifth either way, wherever it stands (a threshold, a factor, the size of a line, a quantile, the bound of a
 * bucket), and what is compared with where that is no figure; each wait left out: in the alert and in the recording rules that it rests on. In the alert itself
 * `and` and `unless` for each other, and either side of an `or` left out.
 */
export function mutantsOf(rules: readonly RuleGroup[]): readonly Mutant[] {
  const times = new Map<string, number>();
  return rules.flatMap((group, at) =>
    group.rules.flatMap((rule, index) =>
      wrongs(rule).map(({ what, wrong }) => {
        const said = 'record' in rule ? `${rule.record}: ${what}` : what;
        const nth = (times.get(said) ?? 0) + 1;
        times.set(said, nth);
        return {
          what: nth === 1 ? said : `${said} (${nth})`,
          rules: rules.with(at, { ...group, rules: group.rules.with(index, wrong) }),
        };
      }),
    ),
  );
}

/** One rule, wrong in each way. */
function wrongs(rule: Rule): readonly { readonly what: string; readonly wrong: Rule }[] {
  const edited = edits(rule.expr, 'alert' in rule).map(({ from, to, text, what }) => ({
    what,
    wrong: { ...rule, expr: rule.expr.slice(0, from) + text + rule.expr.slice(to) },
  }));
  if (!('for' in rule)) return edited;
  const { for: _, ...atOnce } = rule;
  return [...edited, { what: 'without its wait', wrong: atOnce }];
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly what: string;
}

function edits(expr: string, arms: boolean): readonly Edit[] {
  const found: Edit[] = [];
  parser.parse(expr).iterate({
    enter: ({ node }) => {
      if (node.name === 'NumberDurationLiteral') found.push(...moved(expr, node, Number, String));
      if (node.name === 'UnquotedLabelMatcher') found.push(...movedBound(expr, node));
      if (node.name === 'BinaryExpr') found.push(...compared(expr, node), ...(arms ? joined(expr, node) : []));
    },
  });
  return found;
}

/** A figure a fifth less and a fifth more; none where there is none, or it is 0. */
function moved(
  expr: string,
  { from, to }: Node,
  read: (text: string) => number,
  write: (value: number) => string,
): readonly Edit[] {
  const text = expr.slice(from, to);
  const value = read(text);
  if (value === 0 || Number.isNaN(value)) return [];
  return factors.map((factor) => ({ from, to, text: write(value * factor), what: `${text} times ${factor}` }));
}

/** The bound of a bucket: `le="3.5"`, `le=~"5(\\.0)?"`. */
function movedBound(expr: string, node: Node): readonly Edit[] {
  const bound = (text: string) => Number(/^le=~?"([\d.]+)/.exec(text)?.[1]);
  return moved(expr, node, bound, (value) => `le="${value}"`);
}

/** A comparison turned round, and what it compares with moved where no figure stands in it. */
function compared(expr: string, node: Node): readonly Edit[] {
  const parts = [...childrenOf(node)];
  const operator = parts.find(({ from, to }) => opposite[expr.slice(from, to)] !== undefined);
  const bound = parts.at(-1);
  if (operator === undefined || bound === undefined) return [];
  const sign = expr.slice(operator.from, operator.to);
  const turned = { from: operator.from, to: operator.to, text: opposite[sign] ?? sign, what: `${sign} turned round` };
  const other = expr.slice(bound.from, bound.to);
  if (/(?<![\w.])\d/.test(other)) return [turned];
  const away = factors.map((factor) => ({
    from: bound.from,
    to: bound.to,
    text: `(${factor} * (${other}))`,
    what: `what ${sign} compares with times ${factor}`,
  }));
  return [turned, ...away];
}

/** `and` and `unless` for each other, and an `or` without one of its sides. */
function joined(expr: string, node: Node): readonly Edit[] {
  const parts = [...childrenOf(node)];
  const [first, operator] = parts;
  const last = parts.at(-1);
  if (first === undefined || operator === undefined || last === undefined) return [];
  const word = expr.slice(operator.from, operator.to);
  if (word === 'or') {
    const alone = ({ from, to }: Node, what: string) => ({
      from: node.from,
      to: node.to,
      text: expr.slice(from, to),
      what,
    });
    return [alone(last, 'or without its left side'), alone(first, 'or without its right side')];
  }
  const swapped = { and: 'unless', unless: 'and' }[word];
  if (swapped === undefined) return [];
  return [{ from: operator.from, to: operator.to, text: swapped, what: `${swapped} for ${word}` }];
}

function* childrenOf(node: { firstChild: Node | null }): Generator<Node> {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) yield child;
}

interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly firstChild: Node | null;
  readonly nextSibling: Node | null;
}
