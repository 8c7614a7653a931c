/** What a build agent is told of a watch. */
import type { FollowEvent } from '../../monitor/watch.ts';
import { measureProgress } from '../../upgrade/domain-progress.ts';
import { summarize } from '../../upgrade/summary.ts';
import type { BuildAgent } from '../ci/agent.ts';
import { noticeMaker } from './notices.ts';

/** @returns what tells an agent of a watch: warnings sparingly, and how far it is */
export function agentTeller(agent: BuildAgent, now: () => number): (event: FollowEvent) => void {
  const noticeOf = noticeMaker(now);
  return (event) => {
    const notice = noticeOf(event);
    if (notice?.isWarning) agent.warn(notice.text);
    if (event.type !== 'reading' || !event.isMove || event.reading.snapshot === undefined) return;
    const { snapshot } = event.reading;
    const progress = measureProgress(snapshot);
    if (progress) agent.progress(progress.share, summarize(snapshot));
  };
}
