/** The shells that the environment gives away. */
import { describe, expect, it } from 'vitest';
import { detectShells } from '../../../src/platform/detect-shells.ts';

const systemModules =
  'C:\\Program Files\\WindowsPowerShell\\Modules;C:\\Windows\\system32\\WindowsPowerShell\\v1.0\\Modules;C:\\Program Files (x86)\\Microsoft SQL Server\\150\\Tools\\PowerShell\\Modules\\';
const windowsPowerShell = `C:\\Users\\me\\OneDrive\\Documents\\WindowsPowerShell\\Modules;${systemModules}`;
const pwsh = `H:\\PowerShell\\Modules;c:\\program files\\powershell\\7\\Modules;${systemModules}`;

describe('the shell on Windows', () => {
  it.each([
    { name: 'cmd', env: { PROMPT: '$P$G', PSModulePath: systemModules }, shells: ['cmd'] },
    { name: 'Windows PowerShell', env: { PSModulePath: windowsPowerShell }, shells: ['powershell'] },
    { name: 'PowerShell', env: { PSModulePath: pwsh }, shells: ['powershell'] },
    {
      name: 'Git Bash',
      env: { MSYSTEM: 'MINGW64', SHELL: '/usr/bin/bash', PSModulePath: systemModules },
      shells: ['posix'],
    },
    { name: 'Cygwin', env: { SHELL: '/bin/bash' }, shells: ['posix'] },
    {
      name: 'one of two, where one was started in the other',
      env: { PROMPT: '$P$G', PSModulePath: pwsh },
      shells: ['powershell', 'cmd'],
    },
    {
      name: 'any, without a trace',
      env: { PSModulePath: systemModules },
      shells: ['posix', 'powershell', 'cmd'],
    },
  ])('is $name', ({ env, shells }) => {
    expect(detectShells(env, 'win32')).toEqual(shells);
  });
});

describe('the shell elsewhere', () => {
  it.each([
    { name: 'a POSIX shell', env: { SHELL: '/bin/zsh', PROMPT: '%~' }, shells: ['posix'] },
    { name: 'a POSIX shell without an environment', env: {}, shells: ['posix'] },
    {
      name: 'a POSIX shell or PowerShell',
      env: { SHELL: '/bin/bash', PSModulePath: '/home/me/.local/share/powershell/Modules' },
      shells: ['posix', 'powershell'],
    },
  ])('is $name', ({ env, shells }) => {
    expect(detectShells(env, 'linux')).toEqual(shells);
    expect(detectShells(env, 'darwin')).toEqual(shells);
  });
});
