/** The notices of several watches: they are those of each, with its name. */
import type { OwnEvent } from '../../../monitor/many/watch.ts';
import { type Notice, noticeMaker } from '../notices.ts';
import { eachOwn } from './reporter.ts';

/** So many are named while they are without contact: where a cluster is down that is enough. */
const mostLost = 10;

export function overallNotices(
  now: () => number,
): (event: OwnEvent, deployment: string) => Notice | undefined {
  const makerOf = eachOwn(() => noticeMaker(now));
  const lost = new Set<string>();

  function isTold({ type }: OwnEvent, deployment: string): boolean {
    if (type === 'regained') return lost.delete(deployment);
    if (type !== 'lost') return true;
    if (lost.size < mostLost) lost.add(deployment);
    return lost.has(deployment);
  }

  return (event, deployment) => {
    if (event.type === 'over') {
      lost.delete(deployment);
      return undefined;
    }
    const notice = makerOf(deployment)(event);
    if (notice === undefined || !isTold(event, deployment)) return undefined;
    return { ...notice, text: `${deployment}: ${notice.text}` };
  };
}
