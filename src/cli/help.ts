/** Formats the end of each command's help: lists, examples and exit codes. */
import { outcomes } from '../platform/outcome.ts';
import { formatScenarios } from './commands/simulate-settings.ts';
import { installation } from './completion/scripts.ts';

/** The end of a command's help, before the exit codes. */
interface HelpEpilogue {
  /** A title, and one line per entry. */
  readonly list?: string;
  readonly examples: readonly string[];
}

/** Epilogues by command name. */
export const helpEpilogues: Readonly<Record<string, HelpEpilogue>> = {
  sfcompose: {
    examples: [
      'sfcompose demo',
      'sfcompose upgrade-progress web --watch',
      'sfcompose upgrade-progress web -o json --query UpgradeState',
    ],
  },
  'upgrade-progress': {
    examples: [
      'sfcompose upgrade-progress web -e https://cluster.example:19080 --cert-file client.pem',
      'sfcompose upgrade-progress web --watch --max-wait 1h',
      'sfcompose upgrade-progress web api mail --watch --fail-fast',
      'sfcompose upgrade-progress web -o json --query UpgradeState',
    ],
  },
  list: {
    examples: [
      'sfcompose list',
      'sfcompose list -o plain | grep upgrading',
      "sfcompose list -o json --query 'Items[].DeploymentName'",
    ],
  },
  connection: {
    examples: [
      'sfcompose connection',
      'sfcompose connection -e https://cluster.example:19080 --cert-file client.pem',
      'sfcompose connection -o json --query tls.certificate.thumbprint',
    ],
  },
  simulate: {
    list: formatScenarios(),
    examples: [
      'sfcompose simulate',
      'sfcompose simulate rollback --speed 60',
      'sfcompose simulate manual --port 0 --domains 5 --nodes 20',
    ],
  },
  demo: { list: formatScenarios(), examples: ['sfcompose demo', 'sfcompose demo rollback'] },
  completion: { list: installation, examples: ['sfcompose completion bash'] },
};

/** Formats an epilogue, exit codes included. */
export function formatEpilogue({ list, examples }: HelpEpilogue): string {
  const exampleList = ['Examples:', ...examples.map((example) => `  ${example}`)].join('\n');
  return ['', ...(list ? [list, ''] : []), exampleList, '', formatExitCodes()].join('\n');
}

function formatExitCodes(): string {
  const lines = Object.values(outcomes).map(
    ({ exitCode, when }) => `${String(exitCode).padStart(5)}  ${when}`,
  );
  return ['Exit codes:', ...lines].join('\n');
}
