/** Trees of unhealthy evaluations in a document. */
import { describe, expect, it } from 'vitest';
import { readComposeUpgrade } from '../../../../src/cluster/wire/compose-upgrade.ts';
import { fullForm, unhealthyEvent } from '../../../support/documents.ts';

describe('the evaluations', () => {
  it('does not exhaust the stack on a tree without an end', () => {
    let tree: unknown = unhealthyEvent;
    for (let depth = 0; depth < 10_000; depth++)
      tree = { HealthEvaluation: { Kind: 'Later', UnhealthyEvaluations: [tree] } };
    expect(
      readComposeUpgrade(fullForm({ ApplicationUnhealthyEvaluations: [tree] }))?.unhealthyEvaluations,
    ).toHaveLength(1);
  });
});
