/** What a build agent is told of a watch. */
import type { FollowEvent } from '../../monitor/watch.ts';
import { progressOf } from '../../upgrade/domain-progress.ts';
import { summaryOf } from '../../upgrade/summary.ts';
import type { BuildAgent } from '../ci/agent.ts';
import { noticeMaker } from './notices.ts';

/** @returns what tells an agent of a watch: warnings sparingly, and how far it is */
export function agentTeller(agent: BuildAgent, now: () => number): (event: FollowEvent) => void {
  const noticeOf = noticeMaker(now);
  return (event) => {
    const notice = noticeOf(event);
    if (notice?.isWarning) agent.warn(notice.text);
    if (event.type !== 'picture' || !event.isMove || event.picture.situation === undefined) return;
    const { situation } = event.picture;
    const progress = progressOf(situation);
    if (progress) agent.progress(progress.whole, summaryOf(situation));
  };
}
