/** Schemas that the compose and application upgrade documents share. */
import * as v from 'valibot';
import { failureReasons, safetyCheckKinds, upgradePhases } from '../../upgrade/enums.ts';
import type { NodeProgress, SafetyCheck, UpgradeDomainProgress } from '../../upgrade/model.ts';
import { createList, enumeration, lenient, name, optionalName } from './schema.ts';

const safetyCheckSchema = v.pipe(
  v.object({ SafetyCheck: v.object({ Kind: enumeration(safetyCheckKinds), PartitionId: optionalName }) }),
  v.transform(
    ({ SafetyCheck }): SafetyCheck => ({ kind: SafetyCheck.Kind, partitionId: SafetyCheck.PartitionId }),
  ),
);

/** Largest number of safety checks to parse for one node. The runtime sends one. */
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

/** Progress in a domain; `undefined` if there is none, for which the runtime writes an object with an empty name. */
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

/** Reason of a failure; `undefined` if there is none, for which the runtime writes `None`. */
export const failureReason = v.pipe(
  enumeration(failureReasons),
  v.transform((reason) => (reason === 'None' ? undefined : reason)),
);
