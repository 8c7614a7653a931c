/**
 * `sfcompose upgrade-progress` for one deployment. Only what every way of showing it needs is loaded with it: most calls
 * want one document, and at once.
 */

import type { Gateway } from '../../../cluster/gateway.ts';
import { type Picture, readOnce, verdictOn } from '../../../monitor/read.ts';
import { type Asides, asidesOf } from '../../../monitor/related-reads.ts';
import { retryWords } from '../../../monitor/retry.ts';
import { buildAgent, nobody } from '../../../output/ci/select-agent.ts';
import { indentedJson } from '../../../output/json/document.ts';
import { startSpinner } from '../../../output/spinner.ts';
import { ExpectedError } from '../../../platform/errors.ts';
import type { Host } from '../../../platform/host.ts';
import type { Outcome } from '../../../platform/outcome.ts';
import { printable, shown } from '../../../platform/printable.ts';
import { open } from '../../open-gateway.ts';
import { isExplained, type OwnSettings } from './options.ts';

export async function progressOfOne(
  settings: OwnSettings,
  trace: (line: string) => void,
  host: Host,
): Promise<Outcome> {
  const started = host.clock.monotonic();
  const gateway = open(settings.connection, settings, trace, host);
  const asides = asidesOf(gateway, settings.domains && isExplained(settings), host.clock, trace);
  const agent = await buildAgent(settings.ci, settings.quiet, host);
  let last: Picture | undefined;
  let remark: string | undefined;
  const seen = (picture: Picture) => {
    last = picture;
  };
  try {
    const watching = settings.watch ? await import('./watch-single.ts') : undefined;
    if (watching) remark = await watching.watch(gateway, asides, settings, agent, host, seen);
    else await look(gateway, asides, settings, trace, host, seen);
    if (settings.format === 'json') showDocument(last, host);
    const outcome: Outcome = 'completed';
    const isTold = settings.format === 'ndjson' || agent !== nobody;
    const ending = isTold && (await import('./result.ts')).endingOf(outcome, settings, last, remark);
    if (ending && settings.format === 'ndjson') {
      const { outcomeRecord } = await import('../../../output/json/records.ts');
      const { deployment, targetVersion, reason } = ending;
      const elapsed = host.clock.monotonic() - started;
      const record = { outcome, deployment, targetVersion: targetVersion || null, reason, elapsed };
      host.stdout.write(outcomeRecord(record, new Date(host.clock.now())));
    }
    const taken = watching ? await watching.outcomeOnceTaken(host) : outcome;
    if (ending && taken === outcome) await agent.end(ending, undefined);
    return taken;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const { endingOf, inContext } = await import('./result.ts');
    const { suggester } = await import('../../../monitor/suggest-names.ts');
    const suggest = suggester(asides, host.interrupt);
    const known = last ? error.explanation : await suggest(settings.deployment, error.explanation);
    const explanation = inContext(known, settings, last);
    await agent.end(endingOf(explanation.outcome, settings, last), explanation);
    throw new ExpectedError(explanation);
  } finally {
    gateway.close();
  }
}

/** @throws ExpectedError with `--exit-status`, for everything but an upgrade that rolled forward */
async function look(
  gateway: Gateway,
  asides: Asides,
  settings: OwnSettings,
  trace: (line: string) => void,
  host: Host,
  seen: (picture: Picture) => void,
): Promise<void> {
  const picture = await readBehindSpinner(gateway, asides, settings, trace, host);
  seen(picture);
  // A read is judged where that is asked for; else it is enough that it was answered.
  const verdict = settings.exitStatus ? verdictOn(picture, settings.expected) : 'completed';
  if (settings.format !== 'json') {
    const { showPicture } = await import('./print.ts');
    showPicture(picture, settings, verdict === 'completed', host);
  }
  if (verdict === 'completed') return;
  const { explainEnding } = await import('../../../monitor/result.ts');
  const explanation = explainEnding(verdict, { ...picture, ...settings });
  if (explanation) throw new ExpectedError(explanation);
}

async function readBehindSpinner(
  gateway: Gateway,
  asides: Asides,
  settings: OwnSettings,
  trace: (line: string) => void,
  host: Host,
): Promise<Picture> {
  const { deployment } = settings;
  const text = shown`Reading the upgrade of ${printable(deployment)}`;
  const spinner = settings.quiet ? undefined : await startSpinner(text, settings.color, host);
  try {
    return await readOnce(gateway, asides, settings, host, (lost) => {
      const again = retryWords(lost);
      trace(`  ${again}`);
      spinner?.say(shown`${text}: ${printable(again)}`);
    });
  } finally {
    spinner?.stop();
  }
}

/** The gateway's own. */
function showDocument(picture: Picture | undefined, host: Host): void {
  if (picture?.document === undefined) return;
  for (const piece of indentedJson(picture.document)) host.stdout.write(piece);
  host.stdout.write(shown`\n`);
}
