/** Poison in errors, and in the other parts of a response. */
import { expect, it } from 'vitest';
import { agentFiles, findHarm } from '../../support/harm.ts';
import { allPoisons, toHeaderText, toOneLine } from '../../support/poison.ts';
import { type OutputMode, outputModes, singleModes } from '../../support/poisoned-cluster.ts';
import { run } from '../../support/run.ts';
import { answer, answerError, type Script, startGatewayWith } from '../../support/scripted-gateway.ts';

/** Sends bytes that Node's server would refuse to send. */
const sendRaw =
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
  'the code and message of a transient error': {
    answer: answer(JSON.stringify({ Error: { Code: allPoisons, Message: allPoisons } }), 503),
    exitCode: 6,
  },
  'an unknown member of an error': {
    answer: answer(
      JSON.stringify({ Error: { Code: 'E_FAIL', Message: 'Null' }, [allPoisons]: allPoisons }),
      500,
    ),
    exitCode: 6,
  },
  'the reason of a response': {
    answer: sendRaw(`HTTP/1.1 400 ${toOneLine(allPoisons)}\r\nContent-Length: 0\r\n\r\n`),
    exitCode: 6,
  },
  'the content type': {
    answer: answer('{}', 404, 'Not Found', { 'Content-Type': toHeaderText(allPoisons) }),
    exitCode: 6,
  },
  'the location of a redirect': {
    answer: answer('', 302, 'Found', { Location: toHeaderText(allPoisons) }),
    exitCode: 6,
  },
  'the authentication challenge': {
    answer: answer('', 401, 'Unauthorized', { 'WWW-Authenticate': `Negotiate ${toHeaderText(allPoisons)}` }),
    exitCode: 7,
  },
  'the header Retry-After': {
    answer: answer('', 503, 'Busy', { 'Retry-After': toHeaderText(allPoisons) }),
    exitCode: 6,
  },
  'the content encoding': {
    answer: answer('{}', 200, 'OK', { 'Content-Encoding': toHeaderText(allPoisons) }),
    exitCode: 6,
  },
  'a body that is not a document': { answer: answer(allPoisons), exitCode: 6 },
  'a response in another protocol': { answer: sendRaw(allPoisons), exitCode: 6 },
};

it.each(Object.entries(refusals))('poison in %s does no harm', async (_, { answer: refusal, exitCode }) => {
  const { url } = await startGatewayWith({}, ...Array<Script>(50).fill(refusal));
  for (const name of [...singleModes, 'an overview of many in color, on GitHub'] as const) {
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

it('an error document is printed unchanged in JSON', async () => {
  const document = { Error: { Code: allPoisons, Message: allPoisons, [allPoisons]: [allPoisons] } };
  const { url } = await startGatewayWith({}, answer(JSON.stringify(document), 400));
  const { stdout } = await run(['upgrade-progress', 'web', '-e', url, '-o', 'json']);
  expect(JSON.parse(stdout)).toEqual(document);
});
