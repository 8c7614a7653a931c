/** What is read beside an upgrade to explain it: never required, and never waited for longer than {@link longestAside}. */
import { abortWith } from './abort.ts';
import { ExpectedError } from './errors.ts';
import { GatewayError } from './fault.ts';
import { type ApplicationProgress, type Gateway, longestAside } from './gateway.ts';
import type { Clock } from './host.ts';
import type { DeploymentStatus, Upgrade } from './upgrade.ts';

/** Each is `undefined`, or knows less, where the cluster does not tell in time. They fail only when interrupted. */
export interface Asides {
  application(name: string, signal: AbortSignal): Promise<ApplicationProgress | undefined>;
  /** The services that the upgrade waits for, by partition: all that are known so far. */
  services(upgrade: Upgrade, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** @param longest milliseconds that it may take; without limit where a verdict hangs on it */
  status(deployment: string, signal: AbortSignal, longest?: number): Promise<DeploymentStatus | undefined>;
}

/** Partitions that are asked for with one picture, and how often each of them. */
const mostPartitions = 5;
const mostTries = 3;

/** @param wanted whether the application and its partitions may be asked for */
export function asidesOf(
  gateway: Gateway,
  wanted: boolean,
  clock: Clock,
  trace: (line: string) => void,
): Asides {
  const services = new Map<string, string>();
  const tries = new Map<string, number>();

  async function inTime<T>(
    what: string,
    signal: AbortSignal,
    read: (signal: AbortSignal) => Promise<T>,
    longest = longestAside,
  ): Promise<T | undefined> {
    const tooLong = new AbortController();
    const callOff = clock.after(longest, () => tooLong.abort());
    const undo = abortWith(signal, tooLong);
    try {
      return await read(tooLong.signal);
    } catch (error) {
      const isExpected = error instanceof GatewayError || error instanceof ExpectedError;
      if (!isExpected || signal.aborted) throw error;
      trace(
        `  ${what} could not be read: ${error instanceof GatewayError ? error.fault.kind : 'no answer in time'}`,
      );
      return undefined;
    } finally {
      callOff();
      undo();
    }
  }

  return {
    async application(name, signal) {
      if (!wanted || name === '') return undefined;
      return inTime('the upgrade domains', signal, (own) => gateway.readApplicationUpgrade(name, own));
    },

    async services(upgrade, signal) {
      const open = wanted ? partitionsOf(upgrade).filter((id) => !services.has(id)) : [];
      const asked = open.filter((id) => (tries.get(id) ?? 0) < mostTries).slice(0, mostPartitions);
      await Promise.all(
        asked.map(async (id) => {
          tries.set(id, (tries.get(id) ?? 0) + 1);
          const name = await inTime('the name of a service', signal, (own) =>
            gateway.readServiceName(id, own),
          );
          if (name !== undefined) services.set(id, name);
        }),
      );
      return services;
    },

    status: (deployment, signal, longest) =>
      inTime('the status of the deployment', signal, (own) => gateway.readStatus(deployment, own), longest),
  };
}

function partitionsOf({ currentDomain, domainAtFailure }: Upgrade): readonly string[] {
  const nodes = [...(currentDomain?.nodes ?? []), ...(domainAtFailure?.nodes ?? [])];
  const ids = nodes.flatMap((node) => node.safetyChecks).map(({ partitionId }) => partitionId);
  return [...new Set(ids)].filter((id) => id !== '');
}
