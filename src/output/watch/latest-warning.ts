/** Keeps the latest warning about a watch, for a live view. */
import type { WatchStatus } from '../../monitor/status.ts';
import { nameTarget } from '../../monitor/target.ts';
import type { WatchEvent } from '../../monitor/watch.ts';
import type { Clock } from '../../platform/host.ts';
import { createNoticeMaker, type Notice } from './notices.ts';

interface Warning {
  /** Name of the target. */
  readonly name: string;
  readonly notice: Notice;
  /** On the monotonic clock. */
  readonly madeAt: number;
}

/** The latest warning, until its upgrade moves or ends. */
export class LatestWarning {
  readonly #statuses: () => readonly WatchStatus[];
  readonly #clock: Clock;
  readonly #makeNotice: ReturnType<typeof createNoticeMaker>;
  #warning: Warning | undefined;

  /** @param isMany whether a warning names its deployment */
  constructor(isMany: boolean, statuses: () => readonly WatchStatus[], clock: Clock) {
    this.#statuses = statuses;
    this.#clock = clock;
    this.#makeNotice = createNoticeMaker(isMany, clock.now);
  }

  onEvent(event: WatchEvent, status: WatchStatus): void {
    const name = nameTarget(status);
    const notice = this.#makeNotice(event, status);
    const isPast = event.type === 'ended' || (event.type === 'reading' && event.isMove);
    if (isPast && this.#warning?.name === name) this.#warning = undefined;
    if (notice?.isWarning) this.#warning = { name, notice, madeAt: this.#clock.monotonic() };
  }

  /** Keeps the time in the text ticking between reads, except while contact is lost: then changes would go unseen. */
  getText(now: number): string | undefined {
    if (this.#warning === undefined) return undefined;
    const { name, notice, madeAt } = this.#warning;
    if (notice.renew === undefined) return notice.text;
    const isLost = this.#statuses().some((status) => nameTarget(status) === name && status.failure);
    return isLost ? undefined : notice.renew(now - madeAt);
  }
}
