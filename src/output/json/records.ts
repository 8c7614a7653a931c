/** Renders ndjson records. Scripts rely on their members: later versions only add new ones. */
import type { ListedDeployment } from '../../monitor/list.ts';
import type { UpgradeReading } from '../../monitor/read.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import { formatStatusLine } from '../../monitor/status-wording.ts';
import type { Target } from '../../monitor/target.ts';
import type { DeploymentResult } from '../../platform/errors.ts';
import { getExitCode, getOutcomeWord, type Outcome } from '../../platform/outcome.ts';
import { literal, type Printable } from '../../platform/printable.ts';
import type { ResultRecord } from '../../platform/result.ts';
import { collectFindings } from '../../upgrade/findings/collect.ts';
import { compactJson } from './document.ts';

/** The version of the record format. */
export const schema = 1;

/** Renders a reading with the gateway's JSON texts as they came. @returns empty text without a document */
export function renderProgressRecord(
  target: Target,
  { snapshot, document, applicationDocument }: UpgradeReading,
  time: Date,
): Printable {
  if (snapshot === undefined || document === undefined) return literal``;
  const members = [
    '"type":"progress"',
    `"time":"${time.toISOString()}"`,
    `"schema":${schema}`,
    `"deployment":${JSON.stringify(target.deployment)}`,
    ...(target.isAmongClusters ? [`"cluster":${JSON.stringify(target.cluster)}`] : []),
    `"progress":${document}`,
    `"application":${applicationDocument ?? null}`,
    `"findings":${JSON.stringify(collectFindings(snapshot))}`,
  ];
  return literal`${compactJson(`{${members.join(',')}}`)}\n`;
}

/** Renders a listed deployment, with its upgrade if that was read. */
export function renderDeploymentRecord(
  { cluster, deployment, upgrade }: ListedDeployment,
  time: Date,
): Printable {
  const members = [
    '"type":"deployment"',
    `"time":"${time.toISOString()}"`,
    `"schema":${schema}`,
    ...(cluster === undefined ? [] : [`"cluster":${JSON.stringify(cluster)}`]),
    `"deployment":${deployment.document}`,
    `"progress":${upgrade?.document ?? null}`,
    `"application":${upgrade?.applicationDocument ?? null}`,
  ];
  return literal`${compactJson(`{${members.join(',')}}`)}\n`;
}

/** @param report the JSON text of the report */
export function renderConnectionRecord(report: string, time: Date): Printable {
  return literal`${compactJson(`{"type":"connection","time":"${time.toISOString()}","schema":${schema},"connection":${report}}`)}\n`;
}

/** @param members the JSON text of the cluster */
export function renderClusterRecord(members: string, time: Date): Printable {
  return literal`${compactJson(`{"type":"cluster","time":"${time.toISOString()}","schema":${schema},${members.slice(1)}`)}\n`;
}

/** @param plan the JSON text of the plan */
export function renderPlanRecord(deployment: string, plan: string, time: Date): Printable {
  return literal`${compactJson(`{"type":"plan","time":"${time.toISOString()}","schema":${schema},"deployment":${JSON.stringify(deployment)},"plan":${plan}}`)}\n`;
}

/** A step of a request that changes something. */
export interface RequestRecord {
  readonly kind: string;
  readonly deployment: string;
  readonly state: string;
  readonly requestId: string | undefined;
  readonly fate?: string | undefined;
}

/** Renders a step of a request. */
export function renderRequestRecord(step: RequestRecord, time: Date): Printable {
  const { kind, deployment, state, requestId = null, fate } = step;
  const record = {
    type: 'request',
    time: time.toISOString(),
    schema,
    kind,
    deployment,
    state,
    requestId,
    ...(fate && { fate }),
  };
  return literal`${compactJson(JSON.stringify(record))}\n`;
}

/** A target, or a cluster whose list is watched. */
interface ContactTarget extends Pick<Target, 'cluster' | 'isAmongClusters'> {
  readonly deployment: string | null;
}

/** @param error the last error */
export function renderContactRecord(
  { deployment, cluster, isAmongClusters }: ContactTarget,
  state: 'lost' | 'regained',
  error: string,
  time: Date,
): Printable {
  const record = {
    type: 'contact',
    time: time.toISOString(),
    schema,
    deployment,
    ...(isAmongClusters && { cluster }),
    state,
    error,
  };
  return literal`${compactJson(JSON.stringify(record))}\n`;
}

/** Renders the end of an upgrade, in a watch that continues. */
export function renderEndedRecord(status: WatchStatus, time: Date): Printable {
  const { deployment, cluster, isAmongClusters, outcome, reading } = status;
  const record = {
    type: 'ended',
    time: time.toISOString(),
    schema,
    deployment,
    ...(isAmongClusters && { cluster }),
    ...getOutcomeCodes(outcome),
    reason: formatStatusLine(status),
    targetVersion: reading?.snapshot?.upgrade.targetVersion || null,
  };
  return literal`${compactJson(JSON.stringify(record))}\n`;
}

/** Members of the last record. */
export interface OutcomeRecord extends ResultRecord {
  readonly outcome: Outcome;
  /** Milliseconds. */
  readonly elapsedMs: number;
}

/** Renders the last record. */
export function renderOutcomeRecord(result: OutcomeRecord, time: Date): Printable {
  const { outcome, reason, deployment, targetVersion, elapsedMs, deployments } = result;
  const record = {
    type: 'outcome',
    time: time.toISOString(),
    schema,
    ...getOutcomeCodes(outcome),
    reason,
    deployment,
    targetVersion,
    elapsedSeconds: Math.round(elapsedMs / 1000),
    ...(deployments && { deployments: deployments.map(toDeploymentMembers) }),
  };
  return literal`${compactJson(JSON.stringify(record))}\n`;
}

function toDeploymentMembers({ outcome, reason, targetVersion, ...names }: DeploymentResult) {
  return { ...names, ...getOutcomeCodes(outcome), reason, targetVersion };
}

function getOutcomeCodes(outcome: Outcome) {
  return { outcome: getOutcomeWord(outcome), exitCode: getExitCode(outcome) };
}
