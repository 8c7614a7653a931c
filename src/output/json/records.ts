/** One JSON record a line. The members are promised: later versions only add. */

import type { Listed } from '../../monitor/list.ts';
import type { Picture } from '../../monitor/read.ts';
import type { OwnEnding } from '../../platform/errors.ts';
import { exitCodeOf, type Outcome, wordOf } from '../../platform/outcome.ts';
import { type Printable, shown } from '../../platform/printable.ts';
import { findingsOf } from '../../upgrade/findings/collect.ts';
import { compactJson } from './document.ts';

/** The version of the records' shape. */
const schema = 1;

/** The gateway's JSON texts are put in as they are; `''` where there is no document to tell of. */
export function progressRecord(
  deployment: string,
  { situation, document, applicationDocument }: Picture,
  time: Date,
): Printable {
  if (situation === undefined || document === undefined) return shown``;
  const members = [
    '"type":"progress"',
    `"time":"${time.toISOString()}"`,
    `"schema":${schema}`,
    `"deployment":${JSON.stringify(deployment)}`,
    `"progress":${document}`,
    `"application":${applicationDocument ?? null}`,
    `"findings":${JSON.stringify(findingsOf(situation))}`,
  ];
  return shown`${compactJson(`{${members.join(',')}}`)}\n`;
}

/** A deployment as the list tells of it, with its upgrade where that was read. */
export function deploymentRecord({ deployment, upgrade }: Listed, time: Date): Printable {
  const members = [
    '"type":"deployment"',
    `"time":"${time.toISOString()}"`,
    `"schema":${schema}`,
    `"deployment":${deployment.document}`,
    `"progress":${upgrade?.document ?? null}`,
    `"application":${upgrade?.applicationDocument ?? null}`,
  ];
  return shown`${compactJson(`{${members.join(',')}}`)}\n`;
}

/** @param report the JSON text of the report */
export function connectionRecord(report: string, time: Date): Printable {
  return shown`${compactJson(`{"type":"connection","time":"${time.toISOString()}","schema":${schema},"connection":${report}}`)}\n`;
}

/** @param error what went wrong, as it is or was */
export function contactRecord(
  deployment: string,
  state: 'lost' | 'regained',
  error: string,
  time: Date,
): Printable {
  const record = { type: 'contact', time: time.toISOString(), schema, deployment, state, error };
  return shown`${compactJson(JSON.stringify(record))}\n`;
}

export interface Ending {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly deployment: string | null;
  readonly targetVersion: string | null;
  /** Milliseconds. */
  readonly elapsed: number;
  /** Where it is of several. */
  readonly deployments?: readonly OwnEnding[];
}

export function outcomeRecord(ending: Ending, time: Date): Printable {
  const { outcome, reason, deployment, targetVersion, elapsed, deployments } = ending;
  const record = {
    type: 'outcome',
    time: time.toISOString(),
    schema,
    ...codesOf(outcome),
    reason,
    deployment,
    targetVersion,
    elapsedSeconds: Math.round(elapsed / 1000),
    ...(deployments && { deployments: deployments.map(ownRecord) }),
  };
  return shown`${compactJson(JSON.stringify(record))}\n`;
}

function ownRecord({ deployment, outcome, reason, targetVersion }: OwnEnding) {
  return { deployment, ...codesOf(outcome), reason, targetVersion };
}

function codesOf(outcome: Outcome) {
  return { outcome: wordOf(outcome), exitCode: exitCodeOf(outcome) };
}
