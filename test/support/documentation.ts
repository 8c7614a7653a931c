/** The documentation: its pages, their generated parts, and how those are made from runs on a simulated cluster. */
import { readdirSync, readFileSync } from 'node:fs';
import parseWords from 'string-argv';
import { getOutcomeWord, type Outcome, outcomes } from '../../src/platform/outcome.ts';
import { type ScenarioName, scenarios } from '../../src/simulator/scenarios.ts';
import { composeText } from './acting.ts';
import { createFolder } from './folder.ts';
import { readAction } from './github-action.ts';
import { createTestTime, type RunOptions, run } from './run.ts';
import { drawScreen } from './screen.ts';
import { createSharedTime } from './shared-time.ts';
import { startSimulatedCluster, startTime } from './simulated-cluster.ts';

/** Paths of the pages with generated parts. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

export function readPage(path: string): string {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
}

/** A simulated cluster, and how a command meets it. */
interface Scene {
  readonly scenario: ScenarioName;
  /** Simulated seconds from the start to the first read. */
  readonly seconds: number;
  readonly names: readonly string[];
  /** Milliseconds after which a watch is shown as it is then; by default it is shown at its end. */
  readonly untilMs: number;
  readonly ci: RunOptions['ci'];
  /** Scenarios of several clusters by name, which replace the one; nothing listens on one that is `down`. */
  readonly clusters: readonly (readonly [name: string, scenario: ScenarioName | 'down'])[];
}

/**
 * Parses a scene: `rollback, after 640 s, of web api, for 4 s, on github`, or `clusters eu=happy us=down`. Each part may be
 * left out.
 */
export function parseScene(text: string): Scene {
  let scene: Scene = {
    scenario: 'happy',
    seconds: 0,
    names: ['web'],
    untilMs: Infinity,
    ci: undefined,
    clusters: [],
  };
  for (const part of text.split(', ')) {
    const [, key, value = ''] = /^(after|for|of|on|clusters) (.+)$/.exec(part) ?? [];
    const seconds = Number(/^(\d+) s$/.exec(value)?.[1]);
    if (key === 'after') scene = { ...scene, seconds };
    else if (key === 'for') scene = { ...scene, untilMs: 1000 * seconds };
    else if (key === 'of') scene = { ...scene, names: value.split(' ') };
    else if (key === 'on') scene = { ...scene, ci: value as 'github' | 'azure' };
    else if (key === 'clusters') scene = { ...scene, clusters: parseClusters(value) };
    else if (Object.hasOwn(scenarios, part)) scene = { ...scene, scenario: part as ScenarioName };
    else throw new Error(`"${part}" in "${text}" is no part of a scene`);
  }
  return scene;
}

function parseClusters(text: string): Scene['clusters'] {
  return text.split(' ').map((part) => {
    const [name = '', scenario = ''] = part.split('=');
    if (scenario === 'down' || Object.hasOwn(scenarios, scenario))
      return [name, scenario as ScenarioName | 'down'];
    throw new Error(`"${part}" names no scenario`);
  });
}

/** The terminal of commands that print for people. */
export const terminalSize = { columns: 80, rows: 24 };

/** Tells whether a command runs on a terminal: its output is for people, and no build agent's. */
function isOnTerminal(command: string, { ci }: Scene): boolean {
  return ci === undefined && !/ (?:-o|--json)(?: |$)/.test(command);
}

/**
 * Runs a command on a simulated cluster, with one clock for both.
 * @returns its output, with escape sequences if it runs on a terminal, and the files of a build agent
 */
export async function runScene(
  command: string,
  scene: Scene,
): Promise<{ readonly text: string; readonly files: Readonly<Record<string, string>> }> {
  const { scenario, seconds, names, untilMs, ci, clusters } = scene;
  const time = names.length > 1 || clusters.length > 0 ? createSharedTime() : createTestTime();
  let aheadMs = 0;
  const start = async (scenario: ScenarioName) => {
    const clock = {
      now: () => startTime,
      monotonic: () => aheadMs + time.clock.monotonic(),
      sleep: time.clock.sleep,
    };
    return (await startSimulatedCluster(scenario, { names, clock })).url;
  };
  const named = await Promise.all(
    clusters.map(async ([name, scenario]) => [
      name,
      { endpoint: scenario === 'down' ? 'http://127.0.0.1:1' : await start(scenario) },
    ]),
  );
  const url = await start(scenario);
  aheadMs = seconds * 1000;
  time.set(startTime + aheadMs - time.clock.now());
  const isTerminal = isOnTerminal(command, scene);
  const limit = untilMs === Infinity ? [] : ['--max-wait', `${untilMs + 1000}ms`];
  let shown = '';
  // The files of the docs do not exist.
  const argv = parseWords(command.replace('compose.yml', '-'));
  const { exitCode, stdout, stderr, files } = await run([...argv, ...limit], {
    stdin: composeText,
    ...(named.length > 0 && {
      configFolder: createFolder({
        'sfcompose/config.json': JSON.stringify({ version: 1, clusters: Object.fromEntries(named) }),
      }),
    }),
    env: {
      ...(named.length === 0 && { SFCOMPOSE_ENDPOINT: url }),
      ...(isTerminal && { FORCE_COLOR: '1' }),
      ...(ci && { GITHUB_STEP_SUMMARY: 'summary', GITHUB_OUTPUT: 'outputs' }),
    },
    time,
    ...(ci && { ci }),
    ...(isTerminal && {
      columns: terminalSize.columns,
      isOneTerminal: true,
      onOutput(text) {
        if (time.clock.monotonic() <= untilMs) shown += text;
      },
    }),
  });
  if (exitCode === 1) throw new Error(`sfcompose ${command} has a bug: ${stderr}`);
  // Ephemeral ports have five digits like the default port, so that lines wrap alike. Summaries escape the colon.
  const { port } = new URL(url);
  const ownPort = new RegExp(`(?<=127\\.0\\.0\\.1(?::|&#58;))${port}`, 'g');
  const withDefaultPort = (text: string) => text.replace(ownPort, '19080');
  return {
    text: withDefaultPort(isTerminal ? shown : stdout + stderr),
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, withDefaultPort(text)])),
  };
}

/** Returns what a live view writes to a terminal of {@link terminalSize}, colours included. */
export async function recordLiveView(command: string, scene: string): Promise<string> {
  return (await runScene(command, parseScene(scene))).text;
}

/** Tables and blocks that are made from code or from files of a run, by the name in their comment. */
const generators: Readonly<Record<string, (details: string) => string | Promise<string>>> = {
  'exit codes': () =>
    formatTable(
      ['code', 'outcome', 'when'],
      (Object.keys(outcomes) as Outcome[]).map((outcome) => [
        `${outcomes[outcome].exitCode}`,
        `\`${getOutcomeWord(outcome)}\``,
        outcomes[outcome].when.replace(/--[a-z-]+/g, '`$&`'),
      ]),
    ),
  scenarios: () =>
    formatTable(
      ['scenario', 'what happens'],
      Object.entries(scenarios).map(([name, { description }]) => [
        name === 'happy' ? `\`${name}\` (default)` : `\`${name}\``,
        description,
      ]),
    ),
  'action inputs': () => formatInterface('input', readAction().inputs),
  'action outputs': () => formatInterface('output', readAction().outputs),
  /** The job summary of a command: `summary of COMMAND: SCENE`. */
  summary: (details) => formatFile('summary', details),
  /** The outputs of a step: `outputs of COMMAND: SCENE`. */
  outputs: (details) => formatFile('outputs', details),
};

/** Formats the inputs or outputs of the action. */
function formatInterface(
  kind: string,
  members: Readonly<Record<string, { readonly description: string }>>,
): string {
  const rows = Object.entries(members).map(([name, { description }]) => [`\`${name}\``, description]);
  return formatTable([kind, 'meaning'], rows);
}

function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const formatRow = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [formatRow(head), `|${'---|'.repeat(head.length)}`, ...rows.map(formatRow)].join('\n');
}

async function formatFile(file: string, details: string): Promise<string> {
  const [, command = '', scene = ''] = /^ of (.*): (.*)$/.exec(details) ?? [];
  const { files } = await runScene(command, { ...parseScene(scene), ci: 'github' });
  const text = (files[file] ?? '').trimEnd();
  // A summary is Markdown: quoted, it looks as it does in a job.
  return file === 'summary' ? text.replace(/^/gm, '> ').replace(/ +$/gm, '') : `\`\`\`text\n${text}\n\`\`\``;
}

/** A transcript, below a comment with its scene unless that is the default. */
const transcript = /(?:<!-- run: (.*) -->\n\n)?```console\n\$ sfcompose (.*)\n[\s\S]*?```/g;

/** Another generated part, between two comments. */
const generated =
  /<!-- begin (summary|outputs|exit codes|scenarios|action inputs|action outputs)(.*) -->\n(?:[\s\S]*?\n)?<!-- end -->/g;

/** Counts the transcripts of a page. */
export function countTranscripts(page: string): number {
  return [...page.matchAll(transcript)].length;
}

/** Makes the generated parts of a page anew. @returns the page, unchanged if all of them are current */
export async function refreshPage(page: string): Promise<string> {
  const withTranscripts = await replaceAll(page, transcript, async ([block, scene, command = '']) => {
    const parsed = parseScene(scene ?? 'happy, after 290 s');
    const { text } = await runScene(command, parsed);
    const output = isOnTerminal(command, parsed) ? `${await drawScreen(text, terminalSize, true)}\n` : text;
    const comment = block.slice(0, block.indexOf('```'));
    return `${comment}\`\`\`console\n$ sfcompose ${command}\n${output}\`\`\``;
  });
  return replaceAll(withTranscripts, generated, async ([, name = '', details = '']) => {
    const part = await generators[name]?.(details);
    return `<!-- begin ${name}${details} -->\n\n${part}\n\n<!-- end -->`;
  });
}

async function replaceAll(
  text: string,
  pattern: RegExp,
  replace: (match: RegExpExecArray) => Promise<string>,
): Promise<string> {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(end, match.index), await replace(match));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)].join('');
}
