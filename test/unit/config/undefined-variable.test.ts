/** Texts that a pipeline or a shell should have replaced, and texts that only look so. */
import { describe, expect, it } from 'vitest';
import { explainVariable, explainVariableIn } from '../../../src/config/undefined-variable.ts';

const azure = (name: string) =>
  `Azure Pipelines leaves $(${name}) as it is if the variable ${name} is not defined.`;
const github = (text: string) => `${text} is an expression that GitHub Actions has not replaced.`;
const shell = (text: string) => `${text} is a variable that no shell has replaced.`;

describe('the text of a variable', () => {
  it.each([
    ['$(certThumbprint)', azure('certThumbprint')],
    ['https://$(sf.host):19080', azure('sf.host')],
    ['$(Agent.TempDirectory)/client.pem', azure('Agent.TempDirectory')],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub Actions
    ['${{ vars.ENDPOINT }}', github('${{ vars.ENDPOINT }}')],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of a shell
    ['https://${HOST}:19080', shell('${HOST}')],
    ['$HOME/client.pem', shell('$HOME')],
    ['https://$CLUSTER:19080', shell('$CLUSTER')],
    ['$env:USERPROFILE\\client.pem', shell('$env:USERPROFILE')],
    ['%USERPROFILE%\\client.pem', shell('%USERPROFILE%')],
  ])('is recognized in %s', (text, sentence) => {
    expect(explainVariableIn(text)).toBe(sentence);
  });

  it.each([
    'https://cluster.example:19080',
    'C:\\$Recycle.Bin\\client.pem',
    '\\\\server\\C$\\client.pem',
    'certs/100%/client.pem',
    'a%20b%20c',
    'price($)',
    '$(echo hello)',
    '()',
    '$',
    '',
  ])('is not seen in %s', (text) => {
    expect(explainVariableIn(text)).toBeUndefined();
  });
});

describe('a secret', () => {
  it.each([
    ['$(clientPassphrase)', azure('clientPassphrase')],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub Actions
    ['${{ secrets.PASSPHRASE }}\n', github('${{ secrets.PASSPHRASE }}')],
  ])('is recognized as the text of a variable: %s', (secret, sentence) => {
    expect(explainVariable(secret)).toBe(sentence);
  });

  it.each(['my$(secret)', '$(secret)word', '$ecret', '%secret%', 'secret', ''])(
    'is not shown: %s',
    (secret) => {
      expect(explainVariable(secret)).toBeUndefined();
    },
  );
});
