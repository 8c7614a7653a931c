/** `sfcompose upgrade-progress --watch` for one deployment. */
import type { Asides } from '../../asides.ts';
import { explainEnding } from '../../endings.ts';
import { ExpectedError } from '../../errors.ts';
import { follow } from '../../follow.ts';
import type { Gateway } from '../../gateway.ts';
import type { Host } from '../../host.ts';
import type { Picture } from '../../picture.ts';
import type { BuildAgent } from '../../reporters/build-agent.ts';
import { reporterFor } from '../../reporters/choice.ts';
import { agentTeller } from '../../reporters/ci-teller.ts';
import type { OwnSettings } from '../options.ts';
import { showTable } from './show.ts';

/** @throws ExpectedError for every ending but that the upgrade rolled forward */
export async function watch(
  gateway: Gateway,
  asides: Asides,
  settings: OwnSettings,
  agent: BuildAgent,
  host: Host,
  seen: (picture: Picture) => void,
): Promise<void> {
  const finish = (last: Picture | undefined) => {
    if (last) showTable(last, settings, false, host);
  };
  const reporter = await reporterFor(settings, finish, host);
  const tellAgent = agentTeller(agent, host.clock.now);
  try {
    for await (const event of follow(gateway, asides, settings, host)) {
      if (event.type === 'picture') seen(event.picture);
      reporter.tell(event);
      tellAgent(event);
      if (event.type === 'ended') {
        const explanation = explainEnding(event.verdict, { ...event.picture, ...settings });
        if (explanation) throw new ExpectedError(explanation);
      }
    }
  } finally {
    reporter.close();
  }
}
