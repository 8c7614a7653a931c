/** What a build agent is told of several watches. */

import { type Standing, stateOfAll } from '../../../monitor/many/status.ts';
import type { OwnEvent } from '../../../monitor/many/watch.ts';
import { measureProgress } from '../../../upgrade/domain-progress.ts';
import type { BuildAgent } from '../../ci/agent.ts';
import { overallNotices } from './notices.ts';
import type { OverallReporter } from './reporter.ts';

/** An agent shows no more of a step. */
const mostWarnings = 10;

/** @returns what tells an agent: warnings sparingly, and how far all of them are together */
export function overallTeller(
  agent: BuildAgent,
  standings: () => readonly Standing[],
  now: () => number,
): OverallReporter['tell'] {
  const noticeOf = overallNotices(now);
  const shares = new Map<string, number>();
  let warnings = 0;
  return (event, { deployment }) => {
    const notice = noticeOf(event, deployment);
    if (notice?.isWarning && warnings++ < mostWarnings) agent.warn(notice.text);
    const share = shareOf(event);
    if (share === undefined) return;
    shares.set(deployment, share);
    const sum = [...shares.values()].reduce((one, other) => one + other);
    agent.progress(sum / standings().length, stateOfAll(standings()));
  };
}

/** How far one is, where that has changed. */
function shareOf(event: OwnEvent): number | undefined {
  if (event.type === 'over') return 1;
  if (event.type !== 'reading' || !event.isMove || event.reading.snapshot === undefined) return undefined;
  return measureProgress(event.reading.snapshot)?.share;
}
