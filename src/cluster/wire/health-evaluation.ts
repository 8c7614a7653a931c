/**
 * Parses the tree of unhealthy evaluations. Each kind has members of its own, but all kinds have an entity, a tolerance
 * and evidence, so one parser serves all kinds, unknown kinds included. Names of members:
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

/** Members that name the entity, from general to specific. */
const entityKinds = {
  ApplicationTypeName: 'application type',
  ApplicationName: 'application',
  // For deployed applications and packages, the runtime writes Name, the published model ApplicationName.
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
  // Name in the runtime; MaxPercentDeltaUnhealthyNodes in the published model.
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

/** Limit for nesting, so that no document can exhaust the stack. The runtime's own limit is 128. */
const maxDepth = 256;

/** Remaining number of evaluations to parse, over all branches; negative once one was skipped. */
interface Budget {
  left: number;
}

/** Parses a list of `{"HealthEvaluation": {...}}`. Skips elements of any other shape. */
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
