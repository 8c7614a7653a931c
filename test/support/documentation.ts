/** The documentation: its pages, their generated parts, and how those are made from runs on a simulated cluster. */
import { readdirSync, readFileSync } from 'node:fs';
import parseWords from 'string-argv';
import { outcomes } from '../../src/platform/outcome.ts';
import { type ScenarioName, scenarios } from '../../src/simulator/scenarios.ts';
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
  /** Whether the live view is shown, as it is 4 seconds after the first read. */
  readonly isLive: boolean;
  readonly ci: RunOptions['ci'];
}

/** Parses a scene: `rollback, after 640 s, of web api, live, on github`. Each part may be left out. */
export function parseScene(text: string): Scene {
  let scene: Scene = { scenario: 'happy', seconds: 0, names: ['web'], isLive: false, ci: undefined };
  for (const part of text.split(', ')) {
    const [, key, value = ''] = /^(after|of|on) (.+)$/.exec(part) ?? [];
    if (key === 'after') scene = { ...scene, seconds: Number(value.replace(/ s$/, '')) };
    else if (key === 'of') scene = { ...scene, names: value.split(' ') };
    else if (key === 'on') scene = { ...scene, ci: value as 'github' | 'azure' };
    else if (part === 'live') scene = { ...scene, isLive: true };
    else if (Object.hasOwn(scenarios, part)) scene = { ...scene, scenario: part as ScenarioName };
    else throw new Error(`"${part}" in "${text}" is no part of a scene`);
  }
  return scene;
}

/** Output of a command. */
interface Scenery {
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Time after the first read at which a live view is drawn: the second read was a second ago. */
const liveMs = 4000;

/** Terminal that live views are drawn on. */
export const terminalSize = { columns: 80, rows: 24 };

/** Runs a command on a simulated cluster, with one clock for both. */
export async function runScene(
  command: string,
  { scenario, seconds, names, isLive, ci }: Scene,
): Promise<Scenery> {
  const time = names.length > 1 ? createSharedTime() : createTestTime();
  let aheadMs = 0;
  const cluster = await startSimulatedCluster(scenario, {
    names,
    clock: {
      now: () => startTime,
      monotonic: () => aheadMs + time.clock.monotonic(),
      sleep: time.clock.sleep,
    },
  });
  aheadMs = seconds * 1000;
  time.set(startTime + aheadMs - time.clock.now());
  let frames = '';
  const { stdout, stderr, files } = await run(
    [...parseWords(command), ...(isLive ? ['--interval', '3s', '--max-wait', '5s'] : [])],
    {
      env: {
        SFCOMPOSE_ENDPOINT: cluster.url,
        ...(isLive && { FORCE_COLOR: '1' }),
        ...(ci && { GITHUB_STEP_SUMMARY: 'summary', GITHUB_OUTPUT: 'outputs' }),
      },
      time,
      ...(ci && { ci }),
      ...(isLive && {
        columns: terminalSize.columns,
        onOutput(text) {
          if (time.clock.monotonic() <= liveMs) frames += text;
        },
      }),
    },
  );
  // Ephemeral ports have five digits like the default port, so that lines wrap alike. Summaries escape the colon.
  const { port } = new URL(cluster.url);
  const ownPort = new RegExp(`(?<=127\\.0\\.0\\.1(?::|&#58;))${port}`, 'g');
  const withDefaultPort = (text: string) => text.replace(ownPort, '19080');
  return {
    text: withDefaultPort(isLive ? frames : stdout + stderr),
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, withDefaultPort(text)])),
  };
}

/** Returns what a live view writes to a terminal of {@link terminalSize}, colours included. */
export async function recordLiveView(command: string, scene: string): Promise<string> {
  return (await runScene(command, { ...parseScene(scene), isLive: true })).text;
}

/** Tables and blocks that are made from code or from files of a run, by the name in their comment. */
const generators: Readonly<Record<string, (details: string) => string | Promise<string>>> = {
  'exit codes': () =>
    formatTable(
      ['code', 'when'],
      Object.values(outcomes).map(({ exitCode, when }) => [`${exitCode}`, when]),
    ),
  scenarios: () =>
    formatTable(
      ['scenario', 'what happens'],
      Object.entries(scenarios).map(([name, { description }]) => [
        name === 'happy' ? `\`${name}\` (default)` : `\`${name}\``,
        description,
      ]),
    ),
  /** The job summary of a command: `summary of COMMAND: SCENE`. */
  summary: (details) => formatFile('summary', details),
  /** The outputs of a step: `outputs of COMMAND: SCENE`. */
  outputs: (details) => formatFile('outputs', details),
};

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
const generated = /<!-- begin (summary|outputs|exit codes|scenarios)(.*) -->\n(?:[\s\S]*?\n)?<!-- end -->/g;

/** Counts the transcripts of a page. */
export function countTranscripts(page: string): number {
  return [...page.matchAll(transcript)].length;
}

/** Makes the generated parts of a page anew. @returns the page, unchanged if all of them are current */
export async function refreshPage(page: string): Promise<string> {
  const withTranscripts = await replaceAll(page, transcript, async ([block, scene, command = '']) => {
    const { isLive, ...rest } = parseScene(scene ?? 'happy, after 290 s');
    const { text } = await runScene(command, { isLive, ...rest });
    const output = isLive ? `${await drawScreen(text, terminalSize)}\n` : text;
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
