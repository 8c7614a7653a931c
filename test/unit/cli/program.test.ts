/** The definition of the command line. */
import { expect, it } from 'vitest';
import { getPath, listAllCommands } from '../../../src/cli/command-tree.ts';
import { createProgram, type QueriedHost } from '../../../src/cli/program.ts';
import { SettingOption } from '../../../src/cli/setting-option.ts';

const program = createProgram({} as QueriedHost, () => {});

const options = listAllCommands(program).flatMap((command) =>
  command.options
    .filter((option) => option instanceof SettingOption)
    .map((option) => ({ command: getPath(command), flag: option.long, setting: option.setting })),
);

it.each(options)('$command calls $flag in errors as it is typed', ({ flag, setting }) => {
  expect(setting.flag).toBe(flag);
});

it.each(options.filter(({ setting }) => setting.choices))(
  '$command lists the values of $flag',
  ({ setting }) => {
    for (const choice of Object.keys(setting.choices ?? {})) expect(setting.parse?.(choice)).toBeDefined();
  },
);
