/** `sfcompose upgrade-progress <deployment...>`: the latest upgrade, shown once, or followed to its end. */

import type { Host } from '../../../platform/host.ts';
import type { Outcome } from '../../../platform/outcome.ts';
import { createTrace } from '../../open-gateway.ts';
import { type Flags, settingsOf } from './options.ts';

export async function upgradeProgress(names: readonly string[], flags: Flags, host: Host): Promise<Outcome> {
  const trace = createTrace(flags, host);
  const settings = await settingsOf(names, flags, host, trace);
  const [deployment = '', ...others] = settings.deployments;
  if (others.length > 0) {
    const { progressOfSeveral } = await import('./many.ts');
    return progressOfSeveral(settings, trace, host);
  }
  const { progressOfOne } = await import('./single.ts');
  return progressOfOne({ ...settings, deployment, place: 0 }, trace, host);
}
