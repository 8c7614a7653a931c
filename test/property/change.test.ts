/** Whether an upgrade moves is decided by its data, and agrees with the line that describes it. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseComposeUpgrade } from '../../src/cluster/wire/compose-upgrade.ts';
import { parseStatus } from '../../src/cluster/wire/deployments.ts';
import { hasMoved, type Observation } from '../../src/upgrade/change.ts';
import { isStoppedByFailure } from '../../src/upgrade/domain-progress.ts';
import { createBareSnapshot } from '../../src/upgrade/snapshot.ts';
import { hasEnded, isNeverUpgraded } from '../../src/upgrade/state.ts';
import { summarize } from '../../src/upgrade/summary.ts';
import { goodStatus, goodUpgrade, looseUpgrade, toJson } from '../support/arbitraries.ts';
import { rollingBackUpgrade, runningUpgrade, unhealthyEvent } from '../support/documents.ts';

type Document = Readonly<Record<string, unknown>>;

const parse = (document: unknown): Document => JSON.parse(toJson(document));

/** Only upgrades in a domain have nodes, and only safety checks of services have a partition. */
const plausible = (document: Document): Document => {
  const { CurrentUpgradeDomainProgress: domain, ...others } = document;
  const hasNodes = parseComposeUpgrade(document)?.state?.toString().startsWith('Rolling');
  const withoutSeeds = JSON.stringify(
    hasNodes ? { ...others, CurrentUpgradeDomainProgress: domain } : others,
  );
  return JSON.parse(withoutSeeds.replaceAll('EnsureSeedNodeQuorum', 'WaitForPrimarySwap'));
};

const node = fc.record({
  NodeName: fc.constantFrom('_node_1', '_node_4'),
  UpgradePhase: fc.constantFrom('PreUpgradeSafetyCheck', 'Upgrading'),
  PendingSafetyChecks: fc.array(
    fc.record({
      SafetyCheck: fc.record({
        Kind: fc.constantFrom('EnsureAvailability', 'EnsurePartitionQuorum'),
        PartitionId: fc.constantFrom('5c1e0b7a', 'd2940a11'),
      }),
    }),
    { maxLength: 1 },
  ),
});

/** Documents that differ little, so that many pairs of them stand for the same position. */
const similarUpgrade: Arbitrary<Document> = fc
  .record({
    UpgradeState: fc.constantFrom(
      'RollingForwardInProgress',
      'RollingForwardPending',
      'RollingBackInProgress',
    ),
    RollingUpgradeMode: fc.constantFrom('Monitored', 'UnmonitoredManual', 'UnmonitoredAuto'),
    UpgradeDuration: fc.constantFrom('PT0H0M0S', 'PT0H4M0S', 'PT0H5M0S'),
    CurrentUpgradeDomainProgress: fc.oneof(
      fc.constant(undefined),
      fc.record({
        DomainName: fc.constantFrom('UD1', 'UD2'),
        NodeUpgradeProgressList: fc.array(node, { maxLength: 2 }),
      }),
    ),
    ApplicationUnhealthyEvaluations: fc.constantFrom(
      [],
      [unhealthyEvent],
      rollingBackUpgrade['ApplicationUnhealthyEvaluations'],
    ),
  })
  .map((members) => ({ ...runningUpgrade, ...members }));

const document = fc
  .oneof(similarUpgrade, goodUpgrade, looseUpgrade as Arbitrary<Document>)
  .map((one) => plausible(parse(one)));

/** Two documents that differ in some members, or have nothing in common. */
const picks = fc.option(fc.array(fc.nat(), { maxLength: 3 }));
const pair = fc
  .oneof(fc.tuple(document, document, picks), fc.tuple(similarUpgrade, similarUpgrade, picks))
  .map(([before, other, picks]): [Document, Document] => {
    const names = Object.keys(other);
    const picked = picks?.map((pick) => names[pick % names.length] ?? '') ?? names;
    return [
      before,
      plausible({ ...before, ...Object.fromEntries(picked.map((name) => [name, other[name]])) }),
    ];
  });

function observe(document: Document, statusDocument: Document | undefined): Observation | undefined {
  const upgrade = parseComposeUpgrade(document);
  const status = parseStatus(statusDocument);
  return upgrade && { snapshot: createBareSnapshot(upgrade, status), status };
}

const summaryOf = ({ snapshot, status }: Observation) =>
  snapshot ? summarize(createBareSnapshot(snapshot.upgrade, status)) : `without record: ${status?.status}`;

const isUnderWay = ({ snapshot, status }: Observation) => {
  if (snapshot === undefined) return true;
  return isNeverUpgraded(snapshot.upgrade) ? status?.status === 'Upgrading' : !hasEnded(snapshot.upgrade);
};

const isStopped = ({ snapshot }: Observation) =>
  snapshot !== undefined && isStoppedByFailure(createBareSnapshot(snapshot.upgrade));

const status = fc.option(goodStatus, { nil: undefined });
const settings = { numRuns: 600, seed: 20261124 };

describe('an upgrade', () => {
  it('moves whenever its summary changes, and only then', () => {
    let counts = { moved: 0, still: 0 };
    fc.assert(
      fc.property(pair, status, status, ([one, other], statusBefore, statusAfter) => {
        const before = observe(one, statusBefore);
        const after = observe(other, statusAfter);
        fc.pre(before !== undefined && after !== undefined && isUnderWay(before));
        const isChanged = summaryOf(before) !== summaryOf(after);
        const moved = hasMoved(before, after);
        counts = moved ? { ...counts, moved: counts.moved + 1 } : { ...counts, still: counts.still + 1 };
        // The facts of the failure that stopped an upgrade are compared in full, and summarized in a sentence.
        if (!isStopped(before) && !isStopped(after)) expect(moved).toBe(isChanged);
        else if (isChanged) expect(moved).toBe(true);
      }),
      settings,
    );
    expect(Math.min(counts.moved, counts.still)).toBeGreaterThan(50);
  });

  it('does not move with its clocks alone', () => {
    const clock = fc.integer({ min: 1, max: 7200 }).map((seconds) => `PT${seconds}S`);
    fc.assert(
      fc.property(document, clock, clock, clock, clock, (one, ...clocks) => {
        const [before, after] = [clocks.slice(0, 2), clocks.slice(2)].map(([whole, domain]) =>
          observe({ ...one, UpgradeDuration: whole, CurrentUpgradeDomainDuration: domain }, undefined),
        );
        fc.pre(before !== undefined && after !== undefined);
        expect(hasMoved(before, after)).toBe(false);
      }),
      settings,
    );
  });

  it('without a record moves with the status of its deployment', () => {
    fc.assert(
      fc.property(status, status, (one, other) => {
        const [before, after] = [one, other].map((now) => ({
          snapshot: undefined,
          status: parseStatus(now),
        }));
        if (before && after) expect(hasMoved(before, after)).toBe(summaryOf(before) !== summaryOf(after));
      }),
      settings,
    );
  });
});
