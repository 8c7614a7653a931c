/** Holds the process's terminal for a picture that is drawn in place. Loaded by node-host.ts only when it is needed. */
import { isatty } from 'node:tty';
import type { TerminalPicture } from './host.ts';
import { type KeyAction, listKeyActions } from './keys.ts';
import { isWindows } from './node-programs.ts';

/** Time in which a process that suspends itself has stopped. */
const stopGraceMs = 100;

/**
 * Implements `Host.holdTerminal`.
 * @param quit called when `q` is typed
 * @returns erases the picture, and restores the terminal; may be called again
 */
export function holdTerminal(picture: TerminalPicture, quit: () => void): () => void {
  // Nothing else is touched: a pipe or file may be meant for another program.
  const keyboard = isatty(0) ? process.stdin : undefined;
  let state: 'held' | 'suspended' | 'released' = 'held';

  const onKeys = (typed: Buffer) => {
    for (const action of listKeyActions(typed.toString('latin1'))) act(action);
  };
  // A terminal that was closed ends the watch by SIGHUP, or by the failure of stdout.
  const onError = () => {};

  function act(action: KeyAction): void {
    if (action === 'quit') quit();
    // Windows processes cannot send signals, but handle those that are emitted.
    else if (isWindows && action === 'SIGINT') process.emit('SIGINT');
    else if (!isWindows) {
      if (action === 'SIGQUIT') release();
      // To the whole process group, as the terminal does it: a script that runs sfcompose ends as well.
      process.kill(0, action);
    }
  }

  function listen(): void {
    keyboard?.setRawMode(true);
    keyboard?.resume();
    // The process ends when its work is done, whether or not somebody types.
    keyboard?.unref();
  }

  function giveBack(): void {
    picture.erase();
    keyboard?.setRawMode(false);
    keyboard?.pause();
  }

  function suspend(): void {
    if (state !== 'held') return;
    state = 'suspended';
    giveBack();
    process.off('SIGTSTP', suspend);
    process.kill(process.pid, 'SIGTSTP');
    // The system stops no process that no shell could continue. Once stopped, the process sees SIGCONT before the
    // immediate, even if the timer is long due.
    setTimeout(() => setImmediate(resume), stopGraceMs);
  }

  function resume(): void {
    if (state !== 'suspended') return;
    state = 'held';
    process.on('SIGTSTP', suspend);
    listen();
    picture.redraw();
  }

  function onContinue(): void {
    if (state !== 'held') {
      resume();
      return;
    }
    // After SIGSTOP, which nobody can handle: the shell has changed the mode and written below the picture.
    keyboard?.setRawMode(false);
    listen();
    picture.redraw();
  }

  function release(): void {
    if (state === 'released') return;
    const wasHeld = state === 'held';
    state = 'released';
    process.off('SIGTSTP', suspend);
    process.off('SIGCONT', onContinue);
    keyboard?.off('data', onKeys);
    if (wasHeld) giveBack();
  }

  keyboard?.on('error', onError);
  keyboard?.on('data', onKeys);
  listen();
  if (!isWindows) {
    process.on('SIGTSTP', suspend);
    process.on('SIGCONT', onContinue);
  }
  return release;
}
