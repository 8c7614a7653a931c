/** Long reports of the cluster, shortened to the lines that matter. */
import { describe, expect, it } from 'vitest';
import { excerpt, excerptInline, splitTextLines } from '../../../src/platform/report-text.ts';

const frames = (count: number) =>
  Array.from(
    { length: count },
    (_, index) => `   at Bakery.Oven.Bake${index}(Int32 count) in /src/Oven.cs:line ${index}`,
  );

/** A report of the balancer (System.PLB). */
const placement = [
  "The Load Balancer was unable to find a placement for one or more of the Service's Replicas:",
  'Secondary replica could not be placed due to the following constraints and properties:  ',
  'TargetReplicaSetSize: 4',
  'Placement Constraint: Zone == Cold',
  'Parent Service: N/A',
  '',
  'Constraint Elimination Sequence:',
  'PlacementConstraint + ServiceTypeDisabled/NodesBlocklisted eliminated 3 possible node(s) for placement -- 2/5 node(s) remain.',
  'NodeCapacity eliminated 2 possible node(s) for placement -- 0/5 node(s) remain.',
  '',
  'Nodes Eliminated By Constraints:',
  '',
  'NodeCapacity -- Nodes with insufficient capacity:',
  '--',
  ...[1, 2, 3].map(
    (index) =>
      `FaultDomain:fd:/${index} NodeName:_oven_${index} NodeType:Oven UpgradeDomain:${index} UpgradeDomain: ud:/${index} Deactivation Intent/Status: None/None`,
  ),
].join('\n');

interface Example {
  readonly name: string;
  readonly text: string;
  readonly screen: readonly string[];
  readonly inline: string;
}

describe('a report', () => {
  it.each<Example>([
    {
      name: 'of one line stays',
      text: 'The oven is cold.',
      screen: ['The oven is cold.'],
      inline: 'The oven is cold.',
    },
    {
      name: 'with line ends of any kind is split at these',
      text: 'one\r\ntwo\rthree\vfour\u2028five\n\n\n',
      screen: ['one', 'two', 'three', 'four', 'five'],
      inline: 'one two three four',
    },
    {
      name: 'with a stack trace of .NET loses its frames',
      text: [
        'System.InvalidOperationException: No dough',
        ...frames(40),
        '--- End of stack trace from previous location ---',
      ].join('\n'),
      screen: ['System.InvalidOperationException: No dough (41 more lines)'],
      inline: 'System.InvalidOperationException: No dough',
    },
    {
      name: 'with nested exceptions has the innermost one',
      text: [
        'System.AggregateException: One or more errors occurred. ---> System.IO.IOException: Cannot bake ---> System.Net.Sockets.SocketException: The mill refused the connection',
        ...frames(3),
        '   --- End of inner exception stack trace ---',
      ].join('\n'),
      screen: [
        'System.AggregateException: One or more errors occurred.',
        'System.IO.IOException: Cannot bake',
        'System.Net.Sockets.SocketException: The mill refused the connection (4 more lines)',
      ],
      inline:
        'System.AggregateException: One or more errors occurred. System.IO.IOException: Cannot bake System.Net.Sockets.SocketException: The mill refused the connection',
    },
    {
      name: 'of Java has the last cause',
      text: [
        'java.lang.IllegalStateException: Failed to start',
        '\tat bakery.Main.main(Main.java:12)',
        'Caused by: java.lang.RuntimeException: wrapped',
        '\tat bakery.Oven.open(Oven.java:7)',
        'Caused by: java.net.ConnectException: Connection refused',
        '\t... 12 more',
      ].join('\n'),
      screen: [
        'java.lang.IllegalStateException: Failed to start',
        'Caused by: java.lang.RuntimeException: wrapped',
        'Caused by: java.net.ConnectException: Connection refused (3 more lines)',
      ],
      inline:
        'java.lang.IllegalStateException: Failed to start Caused by: java.lang.RuntimeException: wrapped Caused by: java.net.ConnectException: Connection refused',
    },
    {
      name: 'of Python has its last line',
      text: 'Traceback (most recent call last):\n  File "/bakery/main.py", line 3, in <module>\n    bake()\nConnectionError: cannot reach the mill',
      screen: ['ConnectionError: cannot reach the mill (3 more lines)'],
      inline: 'ConnectionError: cannot reach the mill',
    },
    {
      name: 'on placement has the constraint that eliminated the last node, and not the nodes',
      text: placement,
      screen: [
        "The Load Balancer was unable to find a placement for one or more of the Service's Replicas:",
        'Secondary replica could not be placed due to the following constraints and properties:',
        'Placement Constraint: Zone == Cold',
        'PlacementConstraint + ServiceTypeDisabled/NodesBlocklisted eliminated 3 possible node(s) for placement -- 2/5 node(s) remain.',
        'NodeCapacity eliminated 2 possible node(s) for placement -- 0/5 node(s) remain. (9 more lines)',
      ],
      inline:
        "The Load Balancer was unable to find a placement for one or more of the Service's Replicas: Secondary replica could not be placed due to the following constraints and properties: Placement Constraint: Zone == Cold NodeCapacity eliminated 2 possible node(s) for placement -- 0/5 node(s) remain.",
    },
    {
      name: 'that lists replicas shows the first ones',
      text: [
        'Partition is below target replica or instance count.',
        'fabric:/bakery/oven 7 1 9f6b2a10-0c55-4a57-bb61-0f2d9d2a7711',
        ...Array.from({ length: 20 }, (_, index) => `  N/S InBuild _oven_${index} 1338600000000001${index}`),
        '  (Showing 20 out of 20 replicas. Total available replicas: 0)',
        'For more information see: http://aka.ms/sfhealth',
      ].join('\n'),
      screen: [
        'Partition is below target replica or instance count.',
        'fabric:/bakery/oven 7 1 9f6b2a10-0c55-4a57-bb61-0f2d9d2a7711',
        'N/S InBuild _oven_0 13386000000000010',
        'N/S InBuild _oven_1 13386000000000011',
        'N/S InBuild _oven_2 13386000000000012',
        '(Showing 20 out of 20 replicas. Total available replicas: 0) (17 more lines)',
      ],
      inline:
        'Partition is below target replica or instance count. fabric:/bakery/oven 7 1 9f6b2a10-0c55-4a57-bb61-0f2d9d2a7711 N/S InBuild _oven_0 13386000000000010 N/S InBuild _oven_1 13386000000000011',
    },
    {
      name: 'of Docker has its message without the envelope',
      text: 'The container did not start. DockerRequest returned StatusCode=Conflict with ResponseBody={"message":"the name \\"oven\\" is in use\\ntry another"}',
      screen: ['The container did not start. Docker: the name "oven" is in use', 'try another'],
      inline: 'The container did not start. Docker: the name "oven" is in use try another',
    },
    {
      name: 'of the runtime loses its boilerplate',
      text: 'The process ended with exit code:3. Please look at your application logs/dump for more details. For information about common termination errors, please visit https://aka.ms/errors',
      screen: ['The process ended with exit code:3.'],
      inline: 'The process ended with exit code:3.',
    },
    {
      name: 'keeps a path of Windows that looks like an escape',
      text: 'C:\\new\\run.cmd failed.\\r\\nSee D:\\logs.\\n   at Bakery.Main()',
      screen: ['C:\\new\\run.cmd failed.', 'See D:\\logs. (1 more line)'],
      inline: 'C:\\new\\run.cmd failed. See D:\\logs.',
    },
  ])('$name', ({ text, screen, inline }) => {
    expect(excerpt(text).split('\n')).toEqual(screen);
    expect(excerptInline(text)).toBe(inline);
  });

  it('whose line is too long is cut in its middle, at words', () => {
    const text = `The image cannot be used: ${'layer '.repeat(100)}and so access was denied`;
    const line = excerptInline(text);
    expect(line).toMatch(/^The image cannot be used: layer .* … .*layer and so access was denied$/);
    expect(line.length).toBeLessThanOrEqual(300);
  });

  it('keeps the line that matters, however far below', () => {
    const text = [
      'Begin',
      ...Array.from({ length: 500 }, (_, index) => `step ${'x'.repeat(index % 7)} ${index}`),
      'It exited with exit code 3',
    ];
    expect(excerpt(text.join('\n'))).toMatch(/It exited with exit code 3 \(\d+ more lines\)$/);
  });

  it('of nothing but stack frames begins with the first ones', () => {
    expect(excerpt(frames(9).join('\n'))).toMatch(/^at Bakery\.Oven\.Bake0.*\n.*\(3 more lines\)$/s);
  });

  it('of blanks has no line', () => {
    expect([splitTextLines(' \n\t\r\n'), excerpt(' \n ')]).toEqual([[], '']);
  });
});
