/** Poison anywhere in the documents of the cluster, in reports. */
import { expect, it } from 'vitest';
import { findMarkdownHarm } from '../../support/harm.ts';
import { allPoisons, listPlaces, putText } from '../../support/poison.ts';
import {
  createDocuments,
  type Documents,
  type OutputMode,
  outputModes,
  startPoisonedCluster,
} from '../../support/poisoned-cluster.ts';
import { findReportHarm } from '../../support/report-html.ts';

const mode: OutputMode = outputModes['lines of a watch and a table, on Azure'];

interface Walk {
  readonly of: keyof Documents;
  readonly state: string;
  /** The minimum number of places whose text is in the report. */
  readonly minReported: number;
}

it.each<Walk>([
  { of: 'upgrade', state: 'RollingForwardInProgress', minReported: 10 },
  { of: 'upgrade', state: 'RollingBackCompleted', minReported: 10 },
  { of: 'application', state: 'RollingBackCompleted', minReported: 3 },
  { of: 'status', state: 'Failed', minReported: 1 },
  { of: 'service', state: 'RollingForwardInProgress', minReported: 1 },
])('poison anywhere in the $of does no harm in a report: $state', async ({ of, state, minReported }) => {
  const cluster = await startPoisonedCluster();
  const good = createDocuments(state);
  let reported = 0;
  // Both forms have the same blocks, so that every other place is enough for each.
  for (const [index, { name }] of listPlaces(good[of]).entries()) {
    const documents = { ...good, [of]: putText(good[of], [name], allPoisons) };
    const file = index % 2 === 0 ? 'report.html' : 'report.md';
    const { files } = await cluster.read(mode, documents, ['--report', file]);
    const report = files[file] ?? '';
    if (report.includes('pwned')) reported++;
    const harm = file === 'report.html' ? findReportHarm(report) : findMarkdownHarm(report);
    expect({ name, harm }).toEqual({ name, harm: [] });
  }
  expect(reported).toBeGreaterThanOrEqual(minReported);
});
