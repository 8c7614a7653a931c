/** Recognises and explains clusters without an event store. Pure. */
import { addTarget, type CommandTarget } from '../../platform/command-target.ts';
import type { Explanation } from '../../platform/errors.ts';
import { formatArgument } from '../../platform/format.ts';
import type { Fault } from './fault.ts';

/** Statuses that say nothing about the event store: access denied, too many requests, and time-outs. */
const otherStatuses = [401, 403, 408, 429, 504];

/**
 * Reports whether a failed read of events means that the cluster has no event store, or has none at present. The gateway
 * passes such requests on to the service (`httpgateway/EventsStoreHandler.cpp`): a gateway without it rejects the path, a
 * cluster without the service cannot find it, and the service answers 503 while no storage is configured.
 */
export function hasNoEventStore(fault: Fault): boolean {
  return fault.kind === 'response' && fault.status >= 400 && !otherStatuses.includes(fault.status);
}

/** Explains that there is no event store. @param explanation of the failed read */
export function explainNoEventStore(
  explanation: Explanation,
  deployment: string,
  commandTarget: CommandTarget,
): Explanation {
  const { status, request, message } = explanation;
  return {
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_NO_EVENT_STORE',
    what: 'The cluster has no event store, or the event store does not respond.',
    message,
    meaning:
      'Past upgrades are known only to the EventStore service, which a cluster need not have. Everything else works without it.',
    next: [
      {
        what: 'Show the latest upgrade, which needs no event store',
        command: addTarget(
          `sfcompose upgrade-progress ${formatArgument(deployment, commandTarget.shells)}`,
          commandTarget,
        ),
      },
      {
        what: 'To keep events from now on, add EventStoreService to addonFeatures in the configuration of the cluster.',
      },
    ],
    ...(status && { status }),
    ...(request && { request }),
  };
}
