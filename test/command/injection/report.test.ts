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
  for (const { name } of listPlaces(good[of])) {
    const documents = { ...good, [of]: putText(good[of], [name], allPoisons) };
    const { files: pages } = await cluster.read(mode, documents, ['--report', 'report.html']);
    const { files: texts } = await cluster.read(mode, documents, ['--report', 'report.md']);
    const [html = '', markdown = ''] = [pages['report.html'], texts['report.md']];
    if (html.includes('pwned')) reported++;
    const harm = { html: findReportHarm(html), markdown: findMarkdownHarm(markdown) };
    expect({ name, ...harm }).toEqual({ name, html: [], markdown: [] });
  }
  expect(reported).toBeGreaterThanOrEqual(minReported);
});
