/** `sfcompose upgrade-progress --watch` for one deployment. */

import type { Gateway } from '../../../cluster/gateway.ts';
import type { UpgradeReading } from '../../../monitor/read.ts';
import type { RelatedReads } from '../../../monitor/related-reads.ts';
import { explainEnding, remarkOn, withRemark } from '../../../monitor/result.ts';
import { type Ended, follow } from '../../../monitor/watch.ts';
import type { BuildAgent } from '../../../output/ci/agent.ts';
import { agentTeller } from '../../../output/watch/ci-reporter.ts';
import { reporterFor } from '../../../output/watch/select-reporter.ts';
import { ExpectedError } from '../../../platform/errors.ts';
import type { Host } from '../../../platform/host.ts';
import type { OwnSettings } from './options.ts';
import { showTable } from './print.ts';
import { loadEndings, warnOfPrevious } from './watch-steps.ts';

export { outcomeOnceTaken } from './watch-steps.ts';

/**
 * @returns a remark on the success, if there is one to make
 * @throws ExpectedError for every other ending
 */
export async function watch(
  gateway: Gateway,
  relatedReads: RelatedReads,
  settings: OwnSettings,
  agent: BuildAgent,
  host: Host,
  seen: (reading: UpgradeReading) => void,
): Promise<string | undefined> {
  await loadEndings();
  const finish = (last: UpgradeReading | undefined) => {
    if (last) showTable(last, settings, false, host);
  };
  const reporter = await reporterFor(settings, finish, host);
  const tellAgent = agentTeller(agent, host.clock.now);
  let ended: Ended | undefined;
  try {
    for await (const event of follow(gateway, relatedReads, settings, host)) {
      if (event.type === 'reading') seen(event.reading);
      if (event.type === 'ended') ended = event;
      reporter.tell(event);
      tellAgent(event);
    }
  } finally {
    reporter.close();
  }
  if (ended === undefined) return undefined;
  const explanation = explainEnding(ended.verdict, { ...ended.reading, ...settings });
  const remark = remarkOn(ended, settings.expected, host.clock.now());
  if (explanation) throw new ExpectedError(withRemark(explanation, remark));
  if (remark) warnOfPrevious(settings.deployment, remark, agent, settings, host);
  return remark;
}
