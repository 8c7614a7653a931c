/** Writes reports to the file that `--report` names. Its ending selects the form. */
import { fileError } from '../../config/input-file.ts';
import { parseSetting } from '../../config/setting.ts';
import { reportSetting } from '../../config/settings.ts';
import type { Host } from '../../platform/host.ts';
import type { Warning } from '../../platform/result.ts';
import type { ReportDocument } from './document.ts';
import { buildHistoryReport, type HistoryReport } from './history-report.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { buildWatchReport, type WatchReport } from './watch-report.ts';

/**
 * Checks that a report can be written, and changes nothing.
 * @returns the path
 * @throws a usage error
 */
export async function checkReportPath(text: string, host: Pick<Host, 'checkReplaceable'>): Promise<string> {
  const path = parseSetting(reportSetting, text, reportSetting.flag);
  try {
    await host.checkReplaceable(path);
    return path;
  } catch (error) {
    throw fileError({ path, from: reportSetting.flag }, `cannot be written: ${explain(error)}.`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  EBUSY: 'another program has it open',
  ENOSPC: 'the disk is full',
};

function explain(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? message;
}

/** Writes the report of a watch. @returns a warning if the file could not be written */
export function writeWatchReport(
  path: string,
  report: WatchReport,
  host: Host,
): Promise<Warning | undefined> {
  return write(path, buildWatchReport(report), host);
}

/** Writes the report of a history. @returns a warning if the file could not be written */
export function writeHistoryReport(
  path: string,
  report: HistoryReport,
  host: Host,
): Promise<Warning | undefined> {
  return write(path, buildHistoryReport(report, new Date(host.clock.now())), host);
}

async function write(path: string, document: ReportDocument, host: Host): Promise<Warning | undefined> {
  const render = /\.html$/i.test(path) ? renderHtml : renderMarkdown;
  try {
    await host.replaceFile(path, render(document), 'default');
    return undefined;
  } catch (error) {
    return {
      what: `The report ${path} could not be written: ${explain(error)}.`,
      next: [],
      isOnScreen: false,
    };
  }
}
