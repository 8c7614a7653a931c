/** Poison in errors, and anywhere in a response that is no document. */
import { expect, it } from 'vitest';
import { agentFiles, findHarm } from '../../support/harm.ts';
import { allPoisons, toHeaderText, toOneLine } from '../../support/poison.ts';
import { type OutputMode, outputModes, singleModes } from '../../support/poisoned-cluster.ts';
import { run } from '../../support/run.ts';
import { answer, answerError, type Script, startGatewayWith } from '../../support/scripted-gateway.ts';

/** An answer byte by byte, where Node's server would refuse to send it. */
const raw =
  (bytes: string): Script =>
  (response) =>
    void response.socket?.end(bytes);

interface Refusal {
  readonly answer: Script;
  readonly exitCode: number;
}

const refusals: Readonly<Record<string, Refusal>> = {
  'the code of an error': { answer: answerError(400, toHeaderText(allPoisons)), exitCode: 6 },
  'the message of an error': {
    answer: answer(
      JSON.stringify({ Error: { Code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND', Message: allPoisons } }),
      404,
    ),
    exitCode: 5,
  },
  'the code and message of an error that may pass': {
    answer: answer(JSON.stringify({ Error: { Code: allPoisons, Message: allPoisons } }), 503),
    exitCode: 6,
  },
  'a member of an error that nobody knows': {
    answer: answer(
      JSON.stringify({ Error: { Code: 'E_FAIL', Message: 'Null' }, [allPoisons]: allPoisons }),
      500,
    ),
    exitCode: 6,
  },
  'the reason of an answer': {
    answer: raw(`HTTP/1.1 400 ${toOneLine(allPoisons)}\r\nContent-Length: 0\r\n\r\n`),
    exitCode: 6,
  },
  'the kind of content': {
    answer: answer('{}', 404, 'Not Found', { 'Content-Type': toHeaderText(allPoisons) }),
    exitCode: 6,
  },
  'where it sends us': {
    answer: answer('', 302, 'Found', { Location: toHeaderText(allPoisons) }),
    exitCode: 6,
  },
  'how it wants us to log in': {
    answer: answer('', 401, 'Unauthorized', { 'WWW-Authenticate': `Negotiate ${toHeaderText(allPoisons)}` }),
    exitCode: 7,
  },
  'when to come back': {
    answer: answer('', 503, 'Busy', { 'Retry-After': toHeaderText(allPoisons) }),
    exitCode: 6,
  },
  'how its content is packed': {
    answer: answer('{}', 200, 'OK', { 'Content-Encoding': toHeaderText(allPoisons) }),
    exitCode: 6,
  },
  'a document that is none': { answer: answer(allPoisons), exitCode: 6 },
  'an answer in another protocol': { answer: raw(allPoisons), exitCode: 6 },
};

it.each(Object.entries(refusals))('poison in %s does no harm', async (_, { answer: refusal, exitCode }) => {
  const { url } = await startGatewayWith({}, ...Array<Script>(50).fill(refusal));
  for (const name of [...singleModes, 'an overview of several, in colour, on GitHub'] as const) {
    const { argv, columns, ...look }: OutputMode = outputModes[name];
    const options = { env: agentFiles, ...(columns === undefined ? {} : { columns }) };
    const ended = await run(['upgrade-progress', 'web', '-e', url, '--retries', '1', ...argv], options);
    expect({ name, harm: findHarm(ended, look), exitCode: ended.exitCode }).toEqual({
      name,
      harm: [],
      exitCode,
    });
    if (name === 'JSON') expect(JSON.parse(ended.stdout)).toHaveProperty('Error.Code');
  }
});

it('an error document is handed on as it came', async () => {
  const document = { Error: { Code: allPoisons, Message: allPoisons, [allPoisons]: [allPoisons] } };
  const { url } = await startGatewayWith({}, answer(JSON.stringify(document), 400));
  const { stdout } = await run(['upgrade-progress', 'web', '-e', url, '-o', 'json']);
  expect(JSON.parse(stdout)).toEqual(document);
});
