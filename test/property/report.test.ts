/** Properties of reports, for anything that a cluster may send. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseApplicationUpgrade } from '../../src/cluster/wire/application-upgrade.ts';
import { parseComposeUpgrade } from '../../src/cluster/wire/compose-upgrade.ts';
import { emptyLog, extendLog } from '../../src/monitor/report/watch-log.ts';
import { createStatus, endStatus, type WatchStatus } from '../../src/monitor/status.ts';
import { renderHtml } from '../../src/output/report/html.ts';
import { renderMarkdown } from '../../src/output/report/markdown.ts';
import { buildWatchReport } from '../../src/output/report/watch-report.ts';
import { createSnapshot, type UpgradeSnapshot } from '../../src/upgrade/snapshot.ts';
import {
  goodApplication,
  goodUpgrade,
  hostileText,
  looseApplication,
  looseUpgrade,
  toJson,
} from '../support/arbitraries.ts';
import { findMarkdownHarm } from '../support/harm.ts';
import { findReportHarm } from '../support/report-html.ts';
import { createExplanation, createTarget } from '../support/statuses.ts';

const time = new Date('2026-11-24T07:00:00Z');

const options = {
  watch: true,
  exitStatus: false,
  expected: undefined,
  formatWatchCommand: () => 'sfcompose watch web',
  formatReadCommand: () => 'sfcompose status web',
  intervalMs: 10_000,
  maxWaitMs: Infinity,
};

/** Parses a document as a read does. @returns `undefined` for one that a read would not take */
function parse<T>(parseDocument: (document: unknown) => T, document: unknown): T | undefined {
  try {
    return parseDocument(JSON.parse(toJson(document)));
  } catch {
    return undefined;
  }
}

type Documents = readonly (readonly [upgrade: unknown, application: unknown])[];

/** Watches documents, one after the other. */
function watchDocuments(documents: Documents) {
  let snapshot: UpgradeSnapshot | undefined;
  let log = emptyLog;
  let status: WatchStatus = createStatus(createTarget('web'));
  for (const [index, [upgradeDocument, applicationDocument]] of documents.entries()) {
    const upgrade = parse(parseComposeUpgrade, upgradeDocument);
    if (upgrade === undefined) continue;
    const application = parse(parseApplicationUpgrade, applicationDocument);
    const related = {
      status: undefined,
      application,
      services: new Map<string, string>(),
      readAt: 10_000 * index,
    };
    snapshot = createSnapshot(upgrade, related, snapshot);
    const reading = { snapshot, status: undefined, document: '', applicationDocument: undefined };
    log = extendLog(log, { type: 'reading', reading, isNews: true, isMove: true, nextReadInMs: 1 }, time);
    status = { ...status, reading };
  }
  return { status, log };
}

const anyUpgrade = fc.oneof(goodUpgrade, looseUpgrade);
const anyApplication = fc.oneof(goodApplication, looseApplication);

it('a report does no harm, and is well-formed, whatever the cluster says', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyUpgrade, anyApplication), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(undefined, 'rolled-back', 'timed-out', 'superseded', 'unreachable'),
      hostileText,
      (documents, outcome, text) => {
        const { status, log } = watchDocuments(documents);
        const explanation =
          outcome && createExplanation(outcome, { what: text, evidence: [text], request: text });
        const report = buildWatchReport({
          statuses: [endStatus(status, explanation, text)],
          findLog: () => log,
          clusters: [
            { clusterName: text, effectiveSettings: [{ name: 'endpoint', value: text, from: text }] },
          ],
          options,
          startedAt: time,
          endedAt: time,
        });
        const harm = {
          html: findReportHarm(renderHtml(report)),
          markdown: findMarkdownHarm(renderMarkdown(report)),
        };
        expect(harm).toEqual({ html: [], markdown: [] });
        expect(renderMarkdown(report)).not.toMatch(/(?:NaN|Infinity)[dhms%]/);
      },
    ),
    { seed: 20261124, numRuns: 150 },
  );
});
