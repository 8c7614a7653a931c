/**
 * Reads the tree of unhealthy evaluations. Every kind has its own members, but all of them name an entity, a tolerance
 * and evidence. One reader therefore serves all kinds, unknown ones included. Names of members:
 * `ServiceModel/Constants.cpp`; kinds: `ServiceModel/*HealthEvaluation.h` of the runtime.
 */
import * as v from 'valibot';
import { healthEvaluationKinds, healthStates } from '../../upgrade/enums.ts';
import type { EntityKind, HealthEvaluation, HealthEvent } from '../../upgrade/model.ts';
import {
  collectUnknown,
  digits,
  duration,
  enumeration,
  flag,
  isObject,
  lenient,
  list,
  maxListLength,
  name,
  number,
  text,
  time,
} from './schema.ts';

/** Members that name the entity, from the general to the particular. */
const entityKinds = {
  ApplicationTypeName: 'application type',
  ApplicationName: 'application',
  // The runtime calls it Name in deployed applications and packages; the published model, ApplicationName.
  Name: 'application',
  ServiceTypeName: 'service type',
  ServiceName: 'service',
  PartitionId: 'partition',
  ReplicaOrInstanceId: 'replica',
  NodeTypeName: 'node type',
  UpgradeDomainName: 'upgrade domain',
  NodeName: 'node',
  ServiceManifestName: 'service package',
  ServicePackageActivationId: 'activation',
} as const satisfies Record<string, EntityKind>;

const tolerances = [
  'MaxPercentUnhealthyReplicasPerPartition',
  'MaxPercentUnhealthyPartitionsPerService',
  'MaxPercentUnhealthyDeployedApplications',
  'MaxPercentUnhealthyServices',
  'MaxPercentUnhealthyNodes',
  'MaxPercentUnhealthyApplications',
  'MaxPercentDeltaUnhealthyNodes',
  // The runtime's name for what the published model calls MaxPercentDeltaUnhealthyNodes.
  'MaxPercentUpgradeDomainDeltaUnhealthyNodes',
];

const eventSchema = v.object({
  SourceId: name,
  Property: name,
  HealthState: enumeration(healthStates),
  TimeToLiveInMilliSeconds: duration,
  Description: text,
  SequenceNumber: digits,
  RemoveWhenExpired: flag,
  SourceUtcTimestamp: time,
  LastModifiedUtcTimestamp: time,
  IsExpired: flag,
  LastOkTransitionAt: time,
  LastWarningTransitionAt: time,
  LastErrorTransitionAt: time,
});

const evaluationSchema = v.object({
  Kind: enumeration(healthEvaluationKinds),
  Description: text,
  AggregatedHealthState: enumeration(healthStates),
  TotalCount: number,
  BaselineErrorCount: number,
  BaselineTotalCount: number,
  ConsiderWarningAsError: flag,
  UnhealthyEvent: lenient(eventSchema, undefined),
  UnhealthyEvaluations: list,
});

const knownMembers = [...Object.keys(evaluationSchema.entries), ...Object.keys(entityKinds), ...tolerances];

/** Levels that are read, so that no document can exhaust the stack. The runtime nests to 128. */
const maxDepth = 256;

/** Evaluations that are still read, in all branches together; negative once one was left out. */
interface Budget {
  left: number;
}

/** Reads a list of `{"HealthEvaluation": {...}}`. Elements of another form are left out. */
export function parseEvaluations(
  elements: readonly unknown[],
  budget: Budget = { left: maxListLength },
  depth = 0,
): readonly HealthEvaluation[] {
  const evaluations: HealthEvaluation[] = [];
  if (depth > maxDepth) return evaluations;
  for (const element of elements) {
    if (budget.left-- <= 0) break;
    const raw = isObject(element) ? element['HealthEvaluation'] : undefined;
    if (isObject(raw)) evaluations.push(parseEvaluation(raw, budget, depth));
  }
  return evaluations;
}

function parseEvaluation(raw: Record<string, unknown>, budget: Budget, depth: number): HealthEvaluation {
  const members = v.parse(evaluationSchema, raw);
  return {
    kind: members.Kind,
    description: members.Description,
    healthState: members.AggregatedHealthState,
    subject: parseSubject(raw),
    maxPercentUnhealthy: tolerances
      .map((name) => v.parse(number, raw[name]))
      .find((max) => max !== undefined),
    totalCount: members.TotalCount,
    baseline:
      members.BaselineErrorCount === undefined || members.BaselineTotalCount === undefined
        ? undefined
        : { errorCount: members.BaselineErrorCount, totalCount: members.BaselineTotalCount },
    event: members.UnhealthyEvent && parseEvent(members.UnhealthyEvent),
    children: parseEvaluations(members.UnhealthyEvaluations, budget, depth + 1),
    others: collectUnknown(raw, knownMembers),
  };
}

function parseSubject(raw: Record<string, unknown>): HealthEvaluation['subject'] {
  return Object.entries(entityKinds).flatMap(([member, kind]) => {
    const name = v.parse(digits, raw[member]);
    return name === undefined ? [] : [[kind, name] as const];
  });
}

function parseEvent(event: v.InferOutput<typeof eventSchema>): HealthEvent {
  return {
    source: event.SourceId,
    property: event.Property,
    healthState: event.HealthState,
    description: event.Description,
    sequenceNumber: event.SequenceNumber,
    timeToLive: event.TimeToLiveInMilliSeconds,
    removeWhenExpired: event.RemoveWhenExpired,
    expired: event.IsExpired,
    reportedAt: event.SourceUtcTimestamp,
    modifiedAt: event.LastModifiedUtcTimestamp,
    lastOkAt: event.LastOkTransitionAt,
    lastWarningAt: event.LastWarningTransitionAt,
    lastErrorAt: event.LastErrorTransitionAt,
  };
}
