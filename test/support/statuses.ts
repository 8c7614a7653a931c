/** Faults, readings and statuses of deployments, as reads and watches produce them. */
import type { ResponseFault } from '../../src/cluster/faults/fault.ts';
import type { UpgradeReading } from '../../src/monitor/read.ts';
import type { ReadFailure } from '../../src/monitor/retry.ts';
import { createStatus, type WatchStatus } from '../../src/monitor/status.ts';
import type { Target } from '../../src/monitor/target.ts';
import { type Explanation, getErrorCode } from '../../src/platform/errors.ts';
import type { Outcome } from '../../src/platform/outcome.ts';
import type { Members } from './documents.ts';
import { buildSnapshot, type RelatedDocuments } from './snapshots.ts';

/** Creates the fault of a response with this status and without a usable document. */
export function createResponseFault(status: number, members: Partial<ResponseFault> = {}): ResponseFault {
  return {
    kind: 'response',
    status,
    reason: '',
    contentType: undefined,
    location: undefined,
    authenticate: undefined,
    retryAfter: undefined,
    length: 0,
    error: undefined,
    document: undefined,
    ...members,
  };
}

/** Creates a deployment on a cluster; on one of several if the cluster has a name. */
export function createTarget(deployment: string, cluster?: string): Target {
  const endpoint = `http://${cluster ?? 'cluster'}:19080`;
  return { deployment, cluster, endpoint, isAmongClusters: cluster !== undefined };
}

/** Creates the first of four failures that end a read. */
export function createFailure(members: Partial<ReadFailure> = {}): ReadFailure {
  const fault = { kind: 'refused', cause: 'ECONNREFUSED' } as const;
  return { fault, request: 'GET http://cluster/', count: 1, maxCount: 4, pauseMs: 500, ...members };
}

/** Creates the reading of a document. */
export function createReading(document: Members, known?: RelatedDocuments): UpgradeReading {
  return {
    snapshot: buildSnapshot(document, known),
    status: known?.status,
    document: JSON.stringify(document),
    applicationDocument: undefined,
  };
}

/** Creates the status of a deployment under way whose upgrade has this document. */
export function createReadStatus(
  deployment: string,
  document: Members,
  known?: RelatedDocuments,
): WatchStatus {
  const reading = createReading({ ...document, DeploymentName: deployment }, known);
  return { ...createStatus(createTarget(deployment)), reading };
}

/** Creates the explanation of an end that is not a success. */
export function createExplanation(outcome: Outcome, members: Partial<Explanation> = {}): Explanation {
  return { outcome, code: getErrorCode(outcome), what: `It was ${outcome}.`, ...members };
}
