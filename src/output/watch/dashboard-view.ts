/** The live view of a dashboard. */
import { describeFault } from '../../cluster/faults/fault.ts';
import type { Dashboard, ListStatus } from '../../monitor/dashboard.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import type { DashboardEvent } from '../../monitor/watch-lists.ts';
import { formatElapsed } from '../../platform/format.ts';
import type { Clock } from '../../platform/host.ts';
import { literal, type Printable } from '../../platform/printable.ts';
import { renderDashboard } from '../overview/dashboard.ts';
import type { Style } from '../style.ts';
import { formatFreshness } from './freshness.ts';
import { LatestWarning } from './latest-warning.ts';
import { LiveRows } from './live-rows.ts';

/** When a list was read, and will be read next, on the monotonic clock. */
interface ListTimes {
  readonly readAt: number;
  readonly nextReadAt: number;
}

/** A view that draws a dashboard. Times are on the monotonic clock. */
export class DashboardView {
  readonly #dashboard: Dashboard;
  /** Name of the cluster, or names of several. */
  readonly #cluster: string;
  readonly #rows = new LiveRows();
  readonly #times = new Map<ListStatus['source'], ListTimes>();
  readonly #warning: LatestWarning;
  /** Since when lists cannot be read. */
  readonly #lostSince = new Map<ListStatus['source'], number>();

  constructor(dashboard: Dashboard, cluster: string, clock: Clock) {
    this.#dashboard = dashboard;
    this.#cluster = cluster;
    this.#warning = new LatestWarning(true, () => dashboard.statuses, clock);
  }

  /** @param status of the upgrade that the event is about, with the event taken in */
  onEvent(event: DashboardEvent, status: WatchStatus | undefined, now: number): void {
    if (event.type === 'dropped') this.#rows.delete(event.target);
    if (event.type === 'begun' && status) this.#rows.add(status);
    if (event.type === 'upgrade' && status) {
      this.#rows.update(event.event, status, now);
      this.#warning.onEvent(event.event, status);
    }
    if (event.type !== 'list') return;
    const { source } = event;
    if (event.event.type === 'listed') {
      this.#times.set(source, { readAt: now, nextReadAt: now + event.event.nextReadInMs });
    } else if (event.event.type === 'failure') {
      if (!this.#lostSince.has(source)) this.#lostSince.set(source, now);
      return;
    }
    this.#lostSince.delete(source);
  }

  /** Renders nothing before the first list. */
  renderBody(style: Style, maxLines: number, now: number): Printable {
    if (!this.#dashboard.wasRead) return literal``;
    const rows = this.#rows.getRows(this.#dashboard.statuses, now);
    const view = { cluster: this.#cluster, maxLines, hint: '', maxReasonLines: 2 };
    return renderDashboard(this.#dashboard, rows, style, view);
  }

  formatFooter(now: number, { glyphs }: Style): string {
    const end = `${glyphs.dot} Ctrl-C or q quits`;
    const times = [...this.#times.values()];
    if (times.length === 0) return `Reading the deployments on ${this.#cluster} ${end}`;
    const { readAt: rowReadAt = 0, nextReadAt = Infinity } = this.#rows;
    const readAt = Math.max(rowReadAt, ...times.map((one) => one.readAt));
    const next = Math.min(nextReadAt, ...times.map((one) => one.nextReadAt));
    return `${formatFreshness(now, readAt, next)} ${end}`;
  }

  /** Describes the lists that cannot be read, or else the latest warning about an upgrade. */
  getWarning(now: number): string | undefined {
    const lines = this.#dashboard.lists.flatMap((list) => this.#describeContact(list, now) ?? []);
    return lines.length > 0 ? lines.join(' ') : this.#warning.getText(now);
  }

  #describeContact({ source, count, failure, explanation }: ListStatus, now: number): string | undefined {
    const { endpoint, isAmongClusters, cluster } = source;
    const prefix = isAmongClusters ? `${cluster}: ` : '';
    if (explanation) return `${prefix}${explanation.what}`;
    if (failure === undefined) return undefined;
    const lostFor = formatElapsed(now - (this.#lostSince.get(source) ?? now));
    const what = count === undefined ? `No usable response from ${endpoint}` : `Contact lost for ${lostFor}`;
    return `${prefix}${what}: ${describeFault(failure.fault)}.`;
  }
}
