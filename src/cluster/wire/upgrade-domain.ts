/** What the documents of a compose deployment's upgrade and of its application's own have in common. */
import * as v from 'valibot';
import type { NodeProgress, UpgradeDomainProgress } from '../../upgrade/model.ts';
import { createList, enumeration, lenient, name } from './schema.ts';

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

const safetyCheckSchema = v.pipe(
  v.object({ SafetyCheck: v.object({ Kind: enumeration(safetyCheckKinds), PartitionId: name }) }),
  v.transform(({ SafetyCheck }) => ({ kind: SafetyCheck.Kind, partitionId: SafetyCheck.PartitionId })),
);

/** Of one node; the runtime names one. */
const maxSafetyChecks = 10;

const nodeSchema = v.pipe(
  v.object({
    NodeName: name,
    UpgradePhase: enumeration(upgradePhases),
    PendingSafetyChecks: createList(safetyCheckSchema, maxSafetyChecks),
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
    v.object({ DomainName: name, NodeUpgradeProgressList: createList(nodeSchema) }),
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
