/** One JSON record a line. The members are promised: later versions only add. */
import { exitCodeOf, type Outcome, wordOf } from '../exit-code.ts';
import { findingsOf } from '../findings/findings.ts';
import type { Listed } from '../listing.ts';
import type { Picture } from '../picture.ts';
import { type Printable, shown } from '../text.ts';
import { compactJson } from './json.ts';

/** The version of the records' shape. */
const schema = 1;

/** The gateway's JSON texts are put in as they are; `''` where there is no document to tell of. */
export function progressRecord({ situation, document, applicationDocument }: Picture, time: Date): Printable {
  if (situation === undefined || document === undefined) return shown``;
  const members = [
    '"type":"progress"',
    `"time":"${time.toISOString()}"`,
    `"schema":${schema}`,
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
export function contactRecord(state: 'lost' | 'regained', error: string, time: Date): Printable {
  const record = { type: 'contact', time: time.toISOString(), schema, state, error };
  return shown`${compactJson(JSON.stringify(record))}\n`;
}

export interface Ending {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly deployment: string | null;
  readonly targetVersion: string | null;
  readonly elapsedSeconds: number;
}

export function outcomeRecord({ outcome, ...rest }: Ending, time: Date): Printable {
  const record = {
    type: 'outcome',
    time: time.toISOString(),
    schema,
    outcome: wordOf(outcome),
    exitCode: exitCodeOf(outcome),
    ...rest,
  };
  return shown`${compactJson(JSON.stringify(record))}\n`;
}
