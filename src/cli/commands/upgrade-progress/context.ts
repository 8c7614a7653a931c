/** The context in which upgrades are read and watched. */
import type { UpgradeSource } from '../../../monitor/read.ts';
import type { EndedEvent } from '../../../monitor/watch.ts';
import type { BuildAgent } from '../../../output/ci/agent.ts';
import type { Host } from '../../../platform/host.ts';
import type { UpgradeProgressSettings } from './options.ts';

/** Settings, sources and surroundings of a read or watch. */
export interface UpgradeContext {
  readonly settings: UpgradeProgressSettings;
  /** Creates the source of one deployment. */
  readonly createSource: () => UpgradeSource;
  readonly agent: BuildAgent;
  /** Replaces the end of a watch, for commands whose success is another one. */
  readonly judgeEnd?: (ended: EndedEvent) => EndedEvent;
  /** Writes a line to stderr with `--verbose`. */
  readonly trace: (line: string) => void;
  readonly host: Host;
}
