/** Sends the warnings and the progress of a watch to a build agent. */
import type { WatchStatus } from '../../monitor/status.ts';
import { describeAll } from '../../monitor/status-wording.ts';
import { nameTarget } from '../../monitor/target.ts';
import type { WatchEvent } from '../../monitor/watch.ts';
import { measureProgress } from '../../upgrade/domain-progress.ts';
import { summarize } from '../../upgrade/summary.ts';
import type { BuildAgent } from '../ci/agent.ts';
import { createNoticeMaker } from './notices.ts';
import type { Reporter } from './reporter.ts';

/** Limit on the warnings that a build agent shows for one step. */
const maxWarnings = 10;

/** @param now tells milliseconds since 1970 */
export function createCiReporter(
  agent: BuildAgent,
  statuses: () => readonly WatchStatus[],
  now: () => number,
): Reporter['onEvent'] {
  const isMany = statuses().length > 1;
  const makeNotice = createNoticeMaker(isMany, now);
  const shares = new Map<string, number>();
  let warnings = 0;
  return (event, status) => {
    const notice = makeNotice(event, status);
    if (notice?.isWarning && warnings++ < maxWarnings) agent.warn(notice.text);
    const share = event.type === 'ended' ? (isMany ? 1 : undefined) : measureMove(event);
    if (share === undefined) return;
    shares.set(nameTarget(status), share);
    const sum = [...shares.values()].reduce((one, other) => one + other);
    const snapshot = status.reading?.snapshot;
    const text = isMany || !snapshot ? describeAll(statuses()) : summarize(snapshot);
    agent.progress(sum / statuses().length, text);
  };
}

/** Measures the progress of an upgrade that has just moved. */
function measureMove(event: WatchEvent): number | undefined {
  if (event.type !== 'reading' || !event.isMove || event.reading.snapshot === undefined) return undefined;
  return measureProgress(event.reading.snapshot)?.share;
}
