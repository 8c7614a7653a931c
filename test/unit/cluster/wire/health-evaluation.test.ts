/** Parsing trees of unhealthy evaluations. */
import { describe, expect, it } from 'vitest';
import { parseComposeUpgrade } from '../../../../src/cluster/wire/compose-upgrade.ts';
import { createUpgrade, unhealthyEvent } from '../../../support/documents.ts';

describe('a tree of health evaluations', () => {
  it('does not exhaust the stack when it has 10,000 levels', () => {
    let tree: unknown = unhealthyEvent;
    for (let depth = 0; depth < 10_000; depth++)
      tree = { HealthEvaluation: { Kind: 'Later', UnhealthyEvaluations: [tree] } };
    expect(
      parseComposeUpgrade(createUpgrade({ ApplicationUnhealthyEvaluations: [tree] }))?.unhealthyEvaluations,
    ).toHaveLength(1);
  });
});
