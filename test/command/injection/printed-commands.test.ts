/** Names that a shell could misread, in printed commands. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createUpgrade, runningUpgrade } from '../../support/documents.ts';
import { createFolder } from '../../support/folder.ts';
import { findCommands } from '../../support/harm.ts';
import { createEvaluation, watch } from '../../support/poisoned-cluster.ts';
import { run } from '../../support/run.ts';
import { answerWith, startGatewayWith } from '../../support/scripted-gateway.ts';

interface PathCase {
  readonly name: string;
  readonly path: string;
  readonly quotes: '"' | "'" | undefined;
}

describe('a name that a shell could misread', () => {
  it.each([
    { name: '$(reboot)', printed: "'$(reboot)'" },
    { name: 'Node 1', printed: '"Node 1"' },
    { name: '$(reboot now)', printed: "'$(reboot now)'" },
    { name: '$(reboot) --force', printed: '<name>' },
    { name: "it's $5", printed: `'it'"'"'s $5'` },
    { name: "it's $5", shells: ['powershell'] as const, printed: "'it''s $5'" },
    { name: "it's $5", shells: ['cmd'] as const, printed: '<name>' },
    { name: "it's $5", shells: ['posix', 'powershell'] as const, printed: '<name>' },
  ])(
    'is quoted, or a placeholder, in every printed command: $name in $shells',
    async ({ name, shells = ['posix'], printed }) => {
      const evaluations = [
        createEvaluation({
          Kind: 'DeployedServicePackage',
          NodeName: name,
          ServiceManifestName: name,
          UnhealthyEvaluations: [
            createEvaluation({
              Kind: 'Event',
              UnhealthyEvent: { Property: `CodePackageActivation:${name}:EntryPoint` },
            }),
          ],
        }),
      ];
      const document = createUpgrade({
        UpgradeState: 'RollingBackInProgress',
        ApplicationName: `fabric:/${name}`,
        ApplicationUnhealthyEvaluations: evaluations,
      });
      const { url } = await startGatewayWith({}, answerWith({ ...document, DeploymentName: name }));
      const { stderr } = await run(['upgrade-progress', name, '-e', url, '-o', 'plain', '--exit-status'], {
        shells,
      });
      expect(findCommands(stderr)).toEqual([
        `sfctl cluster select --endpoint ${url}`,
        `sfctl service get-container-logs --application-id ${printed} --node-name ${printed}` +
          ` --service-manifest-name ${printed} --code-package-name ${printed} --previous`,
        `sfctl application deployed-health --application-id ${printed} --node-name ${printed}`,
      ]);
    },
  );

  // Windows does not allow such names of files.
  it.skipIf(process.platform === 'win32').each<PathCase>([
    {
      name: 'is quoted if the quotes are safe in every shell',
      path: "my token; it's & here",
      quotes: '"',
    },
    { name: 'is in single quotes with a command substitution', path: '$(reboot)', quotes: "'" },
    { name: 'is in single quotes with blanks', path: '$(reboot) x', quotes: "'" },
    { name: 'is a placeholder if cmd would find an option in it', path: '$(reboot) -x', quotes: undefined },
    {
      name: 'is a placeholder if PowerShell would pass a command to cmd',
      path: 'x&reboot',
      quotes: undefined,
    },
    { name: 'is in single quotes with backticks', path: '`reboot`', quotes: "'" },
    { name: 'is a placeholder with quotes', path: 'x"; reboot', quotes: undefined },
    {
      name: 'is in single quotes with curly ones, which PowerShell takes for straight ones',
      path: 'x”; reboot; “',
      quotes: "'",
    },
    { name: 'is in single quotes with a variable', path: '$PATH', quotes: "'" },
    { name: 'is a placeholder with a variable of cmd', path: '%PATH%', quotes: undefined },
    { name: 'is in single quotes with a history expansion', path: '!!', quotes: "'" },
    {
      name: 'is a placeholder with a final backslash, which would escape the quote',
      path: 'x; reboot \\',
      quotes: undefined,
    },
    { name: 'is a placeholder with invisible characters', path: 'x\u202e\u200b', quotes: undefined },
  ])('as the path of a file $name', async ({ path, quotes }) => {
    const file = join(createFolder({ [path]: 'abc' }), path);
    const { url } = await startGatewayWith({}, answerWith(runningUpgrade));
    const argv = ['upgrade-progress', 'web', '-e', url, '-o', 'plain', ...watch, '--token-file', file];
    const { stderr } = await run(argv);
    const printed = quotes ? `${quotes}${file}${quotes}` : '<file>';
    expect(findCommands(stderr)).toEqual([
      `sfcompose upgrade-progress web --watch -e ${url} --token-file ${printed}`,
    ]);
  });
});
