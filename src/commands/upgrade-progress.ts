/** `sfcompose upgrade-progress <deployment...>`: the latest upgrade, shown once, or followed to its end. */
import type { Outcome } from '../exit-code.ts';
import type { Host } from '../host.ts';
import { tracer } from './open.ts';
import { type Flags, settingsOf } from './options.ts';

export async function upgradeProgress(names: readonly string[], flags: Flags, host: Host): Promise<Outcome> {
  const trace = tracer(flags, host);
  const settings = await settingsOf(names, flags, host, trace);
  const [deployment = '', ...others] = settings.deployments;
  if (others.length > 0) {
    const { progressOfSeveral } = await import('./upgrade-progress/several.ts');
    return progressOfSeveral(settings, trace, host);
  }
  const { progressOfOne } = await import('./upgrade-progress/one.ts');
  return progressOfOne({ ...settings, deployment, place: 0 }, trace, host);
}
