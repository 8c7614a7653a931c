/** Poison in the responses to `sfcompose list`. */
import { describe, expect, it } from 'vitest';
import { findHarmInAnyFormat, watchFormats } from '../../support/harm.ts';
import { allPoisons, listPlaces } from '../../support/poison.ts';
import { createDocuments } from '../../support/poisoned-cluster.ts';
import { answer, type Script, startGatewayWith } from '../../support/scripted-gateway.ts';

describe('sfcompose list', () => {
  const deployment = {
    DeploymentName: 'web',
    ApplicationName: 'fabric:/web',
    ComposeDeploymentStatus: 'Ready',
    StatusDetails: 'x',
  };

  it('does no harm with poison anywhere in a deployment or in its upgrade', async () => {
    const upgrading = { ...deployment, ComposeDeploymentStatus: 'Upgrading' };
    const beside = {
      application: answer(JSON.stringify({ Error: { Code: allPoisons, Message: allPoisons } })),
    };
    const upgrades = listPlaces(createDocuments('RollingForwardInProgress').upgrade).map((place) => ({
      name: place.name,
      item: upgrading,
      upgrade: place.with(allPoisons),
      // A dashboard has the rows and lines of any watch.
      isWatched: false,
    }));
    const deployments = listPlaces(deployment).map((place) => ({
      name: place.name,
      item: place.with(allPoisons),
      upgrade: { Error: { Code: allPoisons, Message: allPoisons } },
      isWatched: true,
    }));
    for (const { name, item, upgrade, isWatched } of [...deployments, ...upgrades]) {
      const script: Script = (response, request) => {
        const isList = request.url?.startsWith('/ComposeDeployments?');
        answer(JSON.stringify(isList ? { Items: [item] } : upgrade))(response, request);
      };
      const { url } = await startGatewayWith(beside, ...Array<Script>(400).fill(script));
      const watch = ['--watch', '--max-wait', '2s', '--interval', '1s'];
      const harm = [
        ...(await findHarmInAnyFormat(['list', '-e', url])),
        ...(isWatched ? await findHarmInAnyFormat(['list', '-e', url, ...watch], {}, watchFormats) : []),
      ];
      expect({ place: name, harm }).toEqual({ place: name, harm: [] });
    }
  });
});
