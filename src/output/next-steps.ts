/** Renders next steps, with each command on a line of its own, ready to copy. */
import type { NextStep } from '../platform/next-step.ts';
import { literal, type Printable, printable } from '../platform/printable.ts';
import type { Style } from './style.ts';
import { breakText } from './table/wrap.ts';

/** Renders steps from the left margin on. Words are wrapped, commands never. */
export function renderSteps(steps: readonly NextStep[], width: number, style: Style): readonly Printable[] {
  return steps.flatMap(({ what, command }) => [
    ...breakText(printable(what), width),
    ...(command === undefined ? [] : [literal`  ${style.strong(printable(command))}`]),
  ]);
}
