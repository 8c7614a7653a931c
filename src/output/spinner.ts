/** Shows a spinner on a terminal while a read is under way. */
import type { ColorChoice } from '../config/settings.ts';
import type { Host } from '../platform/host.ts';
import type { Printable } from '../platform/printable.ts';
import { hasColor } from './color.ts';
import { selectGlyphs } from './glyphs.ts';

/** A spinner, which may be hidden. */
export interface Spinner {
  setText(text: Printable): void;
  stop(): void;
}

const none: Spinner = { setText() {}, stop() {} };

/** Starts a spinner on stderr; without a terminal it does nothing. */
export async function startSpinner(text: Printable, color: ColorChoice, host: Host): Promise<Spinner> {
  // ora loops forever on a terminal of 0 columns.
  if (!host.stderr.isTTY || !host.stderr.columns || host.env['TERM'] === 'dumb') return none;
  const { default: ora } = await import('ora');
  const spinner = ora({
    text,
    spinner: { interval: 80, frames: [...selectGlyphs(host.env).spinner] },
    stream: host.stderr.stream,
    color: hasColor(color, host.stderr, host.env) ? 'cyan' : false,
    // ora disables itself when a variable CI exists, even CI=false.
    isEnabled: true,
    // Ctrl-C must reach this process.
    discardStdin: false,
  }).start();
  return {
    setText(next) {
      spinner.text = next;
    },
    stop() {
      spinner.stop();
    },
  };
}
