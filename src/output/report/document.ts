/** Reports as documents: blocks that Markdown and HTML render alike. Texts are foreign until rendered. Pure. */
import type { NextStep } from '../../platform/next-step.ts';
import type { Mark } from './mark.ts';
import type { Timeline } from './timeline.ts';

/** A report. */
export interface ReportDocument {
  readonly title: string;
  /** Facts below the title. */
  readonly subtitle: string;
  readonly blocks: readonly Block[];
  /** The last line. */
  readonly footer: string;
}

/** A part of a report. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | Verdict
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Names and values; those without a value are left out. */
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | Table
  | { readonly kind: 'steps'; readonly steps: readonly NextStep[] }
  /** A drawing, which Markdown leaves out: a table has the same times. */
  | { readonly kind: 'timeline'; readonly title: string; readonly timeline: Timeline };

/** The end of an upgrade. */
export interface Verdict {
  readonly kind: 'verdict';
  readonly mark: Mark;
  readonly text: string;
  /** Words for scripts: `rolled-back, exit code 3`. */
  readonly detail: string;
}

/** A name and its value. */
export type Fact = readonly [name: string, value: string | undefined];

/** A table. The first cell of a row is its header. */
export interface Table {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** A column of a table. */
interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** Items of a list, and rows of a table, that are rendered. */
const maxItems = 100;
const maxRows = 500;

/** Leaves out what would make a report endless, and says so. */
function limitBlock(block: Block): readonly Block[] {
  switch (block.kind) {
    case 'list':
      return limit(block.items, maxItems, (items) => ({ ...block, items }));
    case 'table':
      return limit(block.rows, maxRows, (rows) => ({ ...block, rows }));
    case 'steps':
      return limit(block.steps, maxItems, (steps) => ({ ...block, steps }));
    default:
      return [block];
  }
}

function limit<T>(items: readonly T[], max: number, build: (items: readonly T[]) => Block): readonly Block[] {
  const left = items.length - max;
  if (items.length === 0) return [];
  const remark: Block = { kind: 'paragraph', text: `${left} more are left out.` };
  return [build(items.slice(0, max)), ...(left > 0 ? [remark] : [])];
}

/** Longest report, in characters. */
const maxLength = 4_000_000;

/**
 * Renders the blocks of a report that is not endless.
 * @param render renders one block
 * @returns the rendered blocks as far as there is room
 */
export function renderBlocks<T extends string>(
  blocks: readonly Block[],
  render: (block: Block) => T,
): readonly T[] {
  const texts: T[] = [];
  let length = 0;
  for (const block of blocks.flatMap(limitBlock)) {
    const text = render(block);
    length += text.length;
    if (length > maxLength)
      return [...texts, render({ kind: 'paragraph', text: 'The rest of the report is left out.' })];
    texts.push(text);
  }
  return texts;
}
