/** Examples of each command, for help, the manual page and the reference. Double quotes hold in every shell. */

/** Examples by command, as `getPath` names it. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  'upgrade-progress': [
    'sfcompose status web',
    'sfcompose status web api --exit-status',
    'sfcompose upgrade-progress web --watch --max-wait 1h',
    'sfcompose upgrade-progress web --query UpgradeState -o tsv',
    'sfcompose upgrade-progress web -e https://cluster.example:19080 --cert-file client.pem',
  ],
  watch: [
    'sfcompose watch web --max-wait 1h',
    'sfcompose watch web --expect-version v2',
    'sfcompose watch web api mail --fail-fast',
    'sfcompose watch web -c eu -c us --report rollout.html',
    'sfcompose watch web -o ndjson',
  ],
  upgrade: [
    'sfcompose upgrade web -f compose.yml --dry-run',
    'sfcompose upgrade web -f compose.yml --watch --max-wait 1h',
    'sfcompose upgrade web -f compose.yml --mode manual',
    'sfcompose upgrade web -f compose.yml --registry-user ci --registry-password-file password',
  ],
  rollback: ['sfcompose rollback web', 'sfcompose rollback web --expect-version v2 --watch'],
  resume: ['sfcompose resume web', 'sfcompose resume web UD1 --watch'],
  list: [
    'sfcompose list',
    'sfcompose list --watch -c eu -c us',
    'sfcompose list -o plain',
    'sfcompose list --query "Items[].DeploymentName" -o tsv',
  ],
  history: [
    'sfcompose history web',
    'sfcompose history web --since 12h --full',
    'sfcompose history web --since 2026-11-01 --until 2026-11-08',
    `sfcompose history web --query "upgrades[?result=='rolled-back'].[to, failureReason]" -o tsv`,
  ],
  connection: [
    'sfcompose connection',
    'sfcompose connection -e https://cluster.example:19080 --cert-file client.pem',
    'sfcompose connection --query tls.certificate.thumbprint -o tsv',
  ],
  cluster: [
    'sfcompose cluster add prod -e https://cluster.example:19080 --pfx-file client.pfx',
    'sfcompose cluster use prod',
    'sfcompose watch web -c prod',
  ],
  'cluster add': [
    'sfcompose cluster add test -e http://test.example:19080',
    'sfcompose cluster add prod -e https://cluster.example:19080 --pfx-file client.pfx',
    'sfcompose cluster add prod --from-sfctl',
  ],
  'cluster list': ['sfcompose cluster list', 'sfcompose cluster list --query "clusters[].cluster" -o tsv'],
  'cluster use': ['sfcompose cluster use prod', 'sfcompose cluster use --none'],
  'cluster remove': ['sfcompose cluster remove test'],
  simulate: [
    'sfcompose simulate',
    'sfcompose simulate rollback --speed 60',
    'sfcompose simulate manual --port 0 --domains 5 --nodes 20',
  ],
  demo: ['sfcompose demo', 'sfcompose demo rollback'],
  completion: ['sfcompose completion bash'],
  help: [
    'sfcompose help watch',
    'sfcompose help cluster add',
    'sfcompose help exit-codes',
    'sfcompose help environment',
  ],
};

/** Commands for a new user to start with, and their descriptions. */
export const firstCommands: readonly (readonly [command: string, purpose: string])[] = [
  ['sfcompose demo', 'Watch an upgrade of a simulated cluster'],
  ['sfcompose connection -e <url>', 'Try the connection to your cluster'],
  ['sfcompose watch <deployment>', 'Follow an upgrade until it ends'],
];
