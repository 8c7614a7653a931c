/** The template for Azure Pipelines: its steps, run as the agent does, with the packed program and simulated clusters. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { composeText } from '../support/acting.ts';
import {
  expandTemplate,
  readTemplate,
  runTemplate,
  type TemplateOptions,
} from '../support/azure-template.ts';
import { createFolder } from '../support/folder.ts';
import { readAction } from '../support/github-action.ts';
import {
  certificate,
  fastInterval,
  listCertificates,
  packageVersion,
  preparePipeline,
  startFastCluster,
  startSecuredCluster,
} from '../support/prepared-pipeline.ts';
import { acceptedClient } from '../support/simulated-tls.ts';

const agent = preparePipeline();

/** Runs the template with the packed program. */
function run(parameters: Readonly<Record<string, string>>, options: Partial<TemplateOptions> = {}) {
  const folder = options.folder ?? createFolder({ 'workspace/compose.yml': composeText });
  const env = agent.createNpmSettings(folder);
  return runTemplate(parameters, { folder, env, ...options }).then((result) => ({ ...result, folder }));
}

describe('azure/sfcompose.yml', () => {
  it('has the inputs of the action as parameters, in the same order', () => {
    const names = readTemplate().parameters.map(({ name }) => name);
    expect(names.filter((name) => name !== 'client-secure-file')).toEqual(Object.keys(readAction().inputs));
  });

  it('installs the version of the template by default', () => {
    expect(readFileSync('azure/sfcompose.yml', 'utf8')).toContain(
      `"sfcompose@\${SFCOMPOSE_VERSION:-${packageVersion}}"`,
    );
  });

  it('passes each parameter in a variable of its own, and puts neither expressions nor macros into a script', () => {
    const scripts = JSON.stringify(readTemplate().steps).match(/(?<="bash":)"(?:[^"\\]|\\.)*"/g) ?? [];
    expect(scripts).toHaveLength(3);
    for (const script of scripts) expect(script).not.toMatch(/\$\{\{|\$\(|\$\[/);
    const values = Object.fromEntries(
      readTemplate().parameters.map(({ name }) => [name, `value of ${name}`]),
    );
    const run = expandTemplate(values).find((step) => step.displayName === 'Run sfcompose');
    const expected = Object.keys(values)
      .filter((name) => !['version', 'client-secure-file'].includes(name))
      .map((name) => [`SFCOMPOSE_INPUT_${name.toUpperCase().replaceAll('-', '_')}`, `value of ${name}`]);
    expect(run?.env).toEqual({
      ...Object.fromEntries(expected),
      SFCOMPOSE_PFX_FILE: '$(sfcomposeClient.secureFilePath)',
    });
  });
});

// Not on Windows, where the first bash on the path may be one that knows no paths of Windows.
describe.skipIf(process.platform === 'win32')('the template', () => {
  it('installs its own version, upgrades, follows the upgrade, and leaves nothing behind', async () => {
    const cluster = await startFastCluster('never-upgraded');
    const { exitCodes, log, folder } = await run({
      deployments: 'web',
      'compose-file': 'compose.yml',
      endpoint: cluster.url,
      'max-wait': '1h',
      options: `${fastInterval}\n--mode=auto\n`,
    });
    expect(exitCodes).toEqual({
      'Install sfcompose': 0,
      'Run sfcompose': 0,
      'Remove sfcompose and certificates': 0,
    });
    expect(log).toContain('##vso[task.setprogress value=100;]');
    expect(cluster.writes).toHaveLength(1);
    expect(existsSync(join(folder, 'temp', 'sfcompose'))).toBe(false);
  });

  it('fails with the exit code after a rollback', async () => {
    const cluster = await startFastCluster('rollback');
    const { exitCodes, log } = await run({
      deployments: 'web',
      endpoint: cluster.url,
      options: fastInterval,
      version: agent.tarball,
    });
    expect(exitCodes).toMatchObject({ 'Run sfcompose': 3, 'Remove sfcompose and certificates': 0 });
    expect(log).toContain('##vso[task.logissue type=error]');
  });

  it('takes hostile text for what it is', async () => {
    const { exitCodes, log, folder } = await run({
      deployments: '$(touch$IFS$9made)\n";touch$IFS$9made;"\n`touch made`\n%PATH%',
      endpoint: 'http://127.0.0.1:1',
      options: '--retries=0',
      version: agent.tarball,
    });
    expect(exitCodes['Run sfcompose']).toBe(6);
    for (const name of ['$(touch$IFS$9made)', '";touch$IFS$9made;"', '`touch', 'made`', '%PATH%'])
      expect(log).toContain(`✗ ${name} `);
    expect(readdirSync(join(folder, 'workspace'))).toEqual(['compose.yml']);
  });

  it('takes a certificate from a secret variable, hides it, and removes it', async () => {
    const folder = createFolder();
    const seen = new Set<string>();
    const { exitCodes, log, masks } = await run(
      {
        ...(await startSecuredCluster('happy')),
        'client-certificate': '$(pem)',
        passphrase: '$(passphrase)',
      },
      {
        folder,
        // The agent keeps no line ends in a variable.
        variables: { pem: certificate.replaceAll('\n', ' '), passphrase: 'hunter%2' },
        onOutput() {
          for (const line of listCertificates(folder)) seen.add(line);
        },
      },
    );
    expect(exitCodes['Run sfcompose']).toBe(0);
    expect([...seen]).toEqual(['folder 700', 'client-certificate 600']);
    expect(masks).toContain('hunter%AZP252');
    for (const line of certificate.split(/\s+/).filter((line) => /^[\w+/=]{16,}$/.test(line)))
      expect(masks).toContain(line);
    for (const line of certificate.split('\n').filter((line) => line.length > 4))
      expect(log).not.toContain(line);
    expect(existsSync(join(folder, 'temp', 'sfcompose'))).toBe(false);
  });

  it('takes a certificate from a secure file', async () => {
    const { exitCodes } = await run(
      {
        ...(await startSecuredCluster('happy')),
        'client-secure-file': 'client.pfx',
        passphrase: '$(passphrase)',
      },
      {
        variables: { passphrase: 'hunter2' },
        secureFiles: {
          'client.pfx': join(createFolder({ 'client.pfx': createPfx('hunter2') }), 'client.pfx'),
        },
      },
    );
    expect(exitCodes['Run sfcompose']).toBe(0);
  });

  it('names a variable that the pipeline does not define', async () => {
    const { exitCodes, log } = await run({
      ...(await startSecuredCluster('happy')),
      'client-certificate': '$(pem)',
    });
    expect(exitCodes['Run sfcompose']).toBe(2);
    expect(log).toContain('The input client-certificate is $(pem), a variable that is not defined.');
  });
});

/** Packs the client certificate and its key into PKCS#12. */
function createPfx(passphrase: string): Buffer {
  const { privateKeyFromPem, certificateFromPem } = forge.pki;
  const key = privateKeyFromPem(acceptedClient.key);
  const packed = forge.pkcs12.toPkcs12Asn1(key, [certificateFromPem(acceptedClient.cert)], passphrase);
  return Buffer.from(forge.asn1.toDer(packed).getBytes(), 'binary');
}
