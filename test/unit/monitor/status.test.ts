/** The status of a deployment that is read or watched, and what is made of many of them. */
import { describe, expect, it } from 'vitest';
import {
  createStatus,
  endStatus,
  formatDocuments,
  getCurrentSnapshot,
  isOutdated,
  isUnderWay,
  updateStatus,
  type WatchStatus,
} from '../../../src/monitor/status.ts';
import type { WatchEvent } from '../../../src/monitor/watch.ts';
import { type Outcome, outcomes } from '../../../src/platform/outcome.ts';
import { completedUpgrade, runningUpgrade } from '../../support/documents.ts';
import {
  createExplanation,
  createFailure,
  createReading,
  createReadStatus,
  createTarget,
} from '../../support/statuses.ts';

const reading = createReading(runningUpgrade);
const failure = createFailure();

const fresh = createStatus(createTarget('web'));
const read: WatchStatus = { ...fresh, reading };
const failing: WatchStatus = { ...read, failure };
const request = 'GET http://cluster/';

interface UpdateCase {
  readonly name: string;
  readonly before: WatchStatus;
  readonly event: WatchEvent;
  readonly after: WatchStatus;
}

describe('a status', () => {
  it('is in progress and empty before the first reading', () => {
    expect(fresh).toEqual({ ...createTarget('web'), outcome: 'in-progress' });
  });

  const news = { type: 'reading', reading, isNews: true, isMove: true, nextReadInMs: 1000 } as const;
  const later = createReading(completedUpgrade);
  const explanation = createExplanation('rolled-back');

  it.each<UpdateCase>([
    { name: 'the first reading', before: fresh, event: news, after: read },
    {
      name: 'a later reading',
      before: read,
      event: { ...news, reading: later },
      after: { ...fresh, reading: later },
    },
    { name: 'a reading after failures', before: failing, event: news, after: read },
    { name: 'a failure', before: read, event: { type: 'failure', failure }, after: failing },
    {
      name: 'another failure',
      before: failing,
      event: { type: 'failure', failure: createFailure({ count: 2 }) },
      after: { ...read, failure: createFailure({ count: 2 }) },
    },
    { name: 'contact', before: read, event: { type: 'recovered', failedForMs: 1000 }, after: read },
    { name: 'a heartbeat', before: failing, event: { type: 'heartbeat' }, after: failing },
    { name: 'a stall', before: read, event: { type: 'stalled', unmovedForMs: 1000 }, after: read },
    {
      name: 'a success',
      before: read,
      event: { type: 'ended', explanation: undefined, remark: 'it had ended before' },
      after: { ...read, outcome: 'completed', remark: 'it had ended before' },
    },
    {
      name: 'a bad end',
      before: failing,
      event: { type: 'ended', explanation, remark: undefined },
      after: { ...read, outcome: 'rolled-back', explanation },
    },
  ])('changes with $name', ({ before, event, after }) => {
    expect(updateStatus(before, event)).toStrictEqual(after);
  });

  it('ends with the outcome of its explanation, or with success', () => {
    expect(endStatus(failing, undefined)).toStrictEqual({ ...read, outcome: 'completed' });
    expect(endStatus(failing, explanation, 'it had ended before')).toStrictEqual({
      ...read,
      outcome: 'rolled-back',
      explanation,
      remark: 'it had ended before',
    });
  });

  it('is under way as long as the upgrade may go on', () => {
    const all = Object.keys(outcomes) as Outcome[];
    expect(all.filter((outcome) => isUnderWay({ ...read, outcome })).toSorted()).toEqual([
      'hung-up',
      'in-progress',
      'interrupted',
      'reader-gone',
      'terminated',
      'timed-out',
    ]);
  });
});

interface OutdatedCase {
  readonly name: string;
  readonly status: WatchStatus;
  readonly outdated: boolean;
}

describe('the last reading', () => {
  it.each<OutdatedCase>([
    { name: 'before the end', status: read, outdated: false },
    { name: 'while reads fail', status: failing, outdated: false },
    { name: 'after a success', status: endStatus(read, undefined), outdated: false },
    ...(['not-found', 'unreachable', 'unauthorized'] as const).map((outcome) => ({
      name: `after a request that ended with ${outcome}`,
      status: endStatus(read, createExplanation(outcome, { request })),
      outdated: true,
    })),
    {
      name: 'after the verdict not-found',
      status: endStatus(read, createExplanation('not-found')),
      outdated: false,
    },
    {
      name: 'after the deadline',
      status: endStatus(read, createExplanation('timed-out', { request })),
      outdated: false,
    },
  ])('is outdated $name: $outdated', ({ status, outdated }) => {
    expect(isOutdated(status)).toBe(outdated);
    expect(getCurrentSnapshot(status)).toBe(outdated ? undefined : reading.snapshot);
    expect(formatDocuments([status])).toBe(outdated ? undefined : reading.document);
  });
});

interface DocumentsCase {
  readonly name: string;
  readonly statuses: readonly WatchStatus[];
  readonly text: string | undefined;
}

describe('the JSON text', () => {
  const refusal = createExplanation('unauthorized', { request, document: '{"Error":"no"}' });
  const lost = createExplanation('unreachable', { request, what: 'No answer.' });
  const web = JSON.stringify({ ...runningUpgrade, DeploymentName: 'web' });
  const api = JSON.stringify({ ...completedUpgrade, DeploymentName: 'api' });
  const error = '{"Error":{"Code":"SFCOMPOSE_E_UNREACHABLE","Message":"No answer."}}';

  const webStatus = createReadStatus('web', runningUpgrade);
  const apiStatus = endStatus(createReadStatus('api', completedUpgrade), undefined);

  it.each<DocumentsCase>([
    { name: 'one deployment', statuses: [webStatus], text: web },
    { name: 'one that was not read', statuses: [fresh], text: undefined },
    { name: 'one that was refused', statuses: [endStatus(read, refusal)], text: '{"Error":"no"}' },
    { name: 'one that was lost', statuses: [endStatus(read, lost)], text: undefined },
    { name: 'many deployments', statuses: [webStatus, apiStatus], text: `[${web},${api}]` },
    {
      name: 'many with errors',
      statuses: [endStatus(read, refusal), endStatus(read, lost), fresh],
      text: `[{"Error":"no"},${error},null]`,
    },
  ])('of $name is made of their documents', ({ statuses, text }) => {
    expect(formatDocuments(statuses)).toBe(text);
  });
});
