/** Health reports of any text are shortened, and folded by what they say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvaluations } from '../../src/cluster/wire/health-evaluation.ts';
import { excerpt, excerptInline, inlineLimits, screenLimits } from '../../src/platform/report-text.ts';
import { findCauses } from '../../src/upgrade/health/causes.ts';
import { describeCauseInline } from '../../src/upgrade/health/describe-cause.ts';
import { createPackageEvaluation } from '../support/documents.ts';

const line = fc.oneof(
  fc.string({ maxLength: 400 }),
  fc.constantFrom(
    '   at Bakery.Oven.Bake()',
    'System.Exception: cold ---> System.Exception: colder',
    'exit code 7',
    '--',
  ),
);
const report = fc
  .array(line, { maxLength: 60 })
  .chain((lines) => fc.constantFrom('\n', '\r\n', '\r', '\\n ').map((end) => lines.join(end)));

/** Room for the count of the lines that are left out. */
const countLength = ' (1234 more lines)'.length;

describe('an excerpt of any report', () => {
  it('keeps to its limits, and to lines', () => {
    fc.assert(
      fc.property(report, (text) => {
        const lines = excerpt(text).split('\n');
        expect(lines.length).toBeLessThanOrEqual(screenLimits.maxLines);
        expect(lines.join('').length).toBeLessThanOrEqual(screenLimits.maxLength + countLength + 40);
        const inline = excerptInline(text);
        expect(inline).not.toMatch(/[\n\r]/);
        expect(inline.length).toBeLessThanOrEqual(inlineLimits.maxLength + inlineLimits.maxLines + 40);
      }),
    );
  });
});

const identifier = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => `sf-${id.length}-${id}_${id}`),
  fc.bigInt({ min: 10n ** 16n, max: 10n ** 18n }).map(String),
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
    .map((date) => date.toISOString()),
  fc.ipV4(),
);
const word = fc.constantFrom('the', 'oven', 'is', 'cold', 'exit code 137', '(0x803b0013)', 'C:\\new');

describe('reports of any words', () => {
  it('are one cause, with all nodes, if only identifiers differ', () => {
    const parts = fc.array(fc.oneof(word, fc.constant('#')), { minLength: 1, maxLength: 12 });
    const ids = fc.array(fc.array(identifier, { minLength: 13, maxLength: 13 }), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(parts, ids, (words, idsByNode) => {
        const nodes = idsByNode.map((_, index) => `_bakery_${index}`);
        const evaluations = idsByNode.map((own, index) =>
          createPackageEvaluation(nodes[index] ?? '', 'oven', {
            Property: `CodePackageActivation:oven.Code:EntryPoint:13386000000000${index}000`,
            Description: words.map((one, at) => (one === '#' ? own[at] : one)).join(' '),
          }),
        );
        const causes = findCauses(parseEvaluations(evaluations));
        expect(causes.map((cause) => cause.nodes)).toEqual([nodes]);
        const inline = causes
          .map((cause) => describeCauseInline(cause, new Map(), undefined, inlineLimits))
          .join();
        for (const own of idsByNode) for (const id of own) expect(inline).not.toContain(id);
      }),
    );
  });
});
