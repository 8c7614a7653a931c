/** What the documents of a compose deployment's upgrade and of its application's own have in common. */
import * as v from 'valibot';
import type { NodeProgress, UpgradeDomainProgress } from '../upgrade.ts';
import { enumeration, lenient, text } from './primitives.ts';

const upgradePhases = ['Invalid', 'PreUpgradeSafetyCheck', 'Upgrading', 'PostUpgradeSafetyCheck'];
const safetyCheckKinds = [
  'Invalid',
  'EnsureSeedNodeQuorum',
  'EnsurePartitionQuorum',
  'WaitForPrimaryPlacement',
  'WaitForPrimarySwap',
  'WaitForReconfiguration',
  'WaitForInBuildReplica',
  'EnsureAvailability',
  'WaitForResourceAvailability',
];

export const list = lenient(v.array(v.unknown()), []);

/** A list whose elements are read one by one, so that one odd element does not cost the others. */
export function listOf<T>(schema: v.GenericSchema<unknown, T>) {
  return v.pipe(
    list,
    v.transform((elements) =>
      elements.flatMap((element) => {
        const result = v.safeParse(schema, element);
        return result.success ? [result.output] : [];
      }),
    ),
  );
}

const safetyCheckSchema = v.pipe(
  v.object({ SafetyCheck: v.object({ Kind: enumeration(safetyCheckKinds), PartitionId: text }) }),
  v.transform(({ SafetyCheck }) => ({ kind: SafetyCheck.Kind, partitionId: SafetyCheck.PartitionId })),
);

const nodeSchema = v.pipe(
  v.object({
    NodeName: text,
    UpgradePhase: enumeration(upgradePhases),
    PendingSafetyChecks: listOf(safetyCheckSchema),
  }),
  v.transform(
    (node): NodeProgress => ({
      name: node.NodeName,
      phase: node.UpgradePhase,
      safetyChecks: node.PendingSafetyChecks,
    }),
  ),
);

/** `undefined` where there is no domain: the runtime writes an object with an empty name then. */
export const domainProgress = lenient(
  v.pipe(
    v.object({ DomainName: text, NodeUpgradeProgressList: listOf(nodeSchema) }),
    v.transform(({ DomainName, NodeUpgradeProgressList }): UpgradeDomainProgress | undefined =>
      DomainName === '' && NodeUpgradeProgressList.length === 0
        ? undefined
        : { name: DomainName, nodes: NodeUpgradeProgressList },
    ),
  ),
  undefined,
);

/** `''` where nothing failed. */
export const failureReason = v.pipe(
  enumeration([
    'None',
    'Interrupted',
    'HealthCheck',
    'UpgradeDomainTimeout',
    'OverallUpgradeTimeout',
    'ProcessingFailure',
  ]),
  v.transform((reason) => (reason === 'None' ? '' : reason)),
);
