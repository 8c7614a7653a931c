/** The whole tree of health evaluations, for `--full`. */
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { describeEvaluation } from '../../upgrade/health/describe-evaluation.ts';
import type { HealthEvaluation } from '../../upgrade/model.ts';
import { wrapHanging } from './prose.ts';

/** Deepest indentation, in columns. */
const maxIndent = 20;

/** Renders each evaluation, indented by its depth. */
export function renderHealthTree(
  evaluations: readonly HealthEvaluation[],
  width: number,
): readonly Printable[] {
  const lines: Printable[] = [];
  const descend = (evaluation: HealthEvaluation, indent: number): void => {
    const margin = printable(' '.repeat(Math.min(maxIndent, indent, Math.max(0, width - 20))));
    const text = describeEvaluation(evaluation);
    lines.push(...wrapHanging(text, width - margin.length, 2).map((line) => literal`${margin}${line}`));
    for (const child of evaluation.children) descend(child, indent + 2);
  };
  for (const evaluation of evaluations) descend(evaluation, 0);
  return lines;
}
