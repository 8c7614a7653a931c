/** Schemas that the compose and application upgrade documents share. */
import * as v from 'valibot';
import {
  type FailureClassification,
  failureReasons,
  healthCheckPhases,
  safetyCheckKinds,
  upgradePhases,
} from '../../upgrade/enums.ts';
import type {
  HealthCheckProgress,
  NodeProgress,
  SafetyCheck,
  UpgradeDomainProgress,
} from '../../upgrade/model.ts';
import { createList, elapsedDuration, enumeration, lenient, name, number, optionalName } from './schema.ts';

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
    UpgradeDuration: elapsedDuration,
    PendingSafetyChecks: createList(safetyCheckSchema, maxSafetyChecks),
  }),
  v.transform(
    (node): NodeProgress => ({
      name: node.NodeName,
      phase: node.UpgradePhase,
      duration: node.UpgradeDuration,
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

/** Class of a failure; `undefined` if there is none. The words for "none" are those of the runtime's other enumerations. */
export const failureClassification = v.pipe(
  enumeration<FailureClassification & string>([]),
  v.transform((word) => (['None', 'Invalid'].includes(`${word}`) ? undefined : word)),
);

/** Members on the health check, in both spellings of the time in the phase. */
export const healthCheckMembers = {
  HealthCheckPhase: enumeration(healthCheckPhases),
  HealthCheckElapsedTime: elapsedDuration,
  HealthCheckPhaseDuration: elapsedDuration,
  HealthCheckRetryFlips: number,
};

const healthCheckSchema = v.object(healthCheckMembers);

/** Converts the members on the health check; `undefined` if the runtime sends none, or no check is going on. */
export function toHealthCheck(
  members: v.InferOutput<typeof healthCheckSchema>,
): HealthCheckProgress | undefined {
  const { HealthCheckPhase: phase } = members;
  if (phase === undefined || phase === 'Invalid') return undefined;
  const elapsed = members.HealthCheckElapsedTime ?? members.HealthCheckPhaseDuration;
  return { phase, elapsed, flips: members.HealthCheckRetryFlips };
}
