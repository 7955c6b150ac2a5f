import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { bornAt, type Running } from './process.ts';

export interface Found extends Running {
  /** Program and arguments; where no /proc tells them apart, split at spaces. */
  words: string[];
}

/** The processes of this machine that were started with all these words. */
export function findRunning(...marks: string[]): Found[] {
  const lines = process.platform === 'linux' ? fromProc() : fromPs();
  return lines.flatMap(([pid, words]) => {
    const born = marks.every((mark) => words.includes(mark)) ? bornAt(pid) : undefined;
    return born && pid !== process.pid ? [{ pid, born, words }] : [];
  });
}

/** The npm that we were started by, if it was one. */
export function npmAbove(): Running | undefined {
  const born = bornAt(process.ppid);
  const lines = process.platform === 'linux' ? fromProc([process.ppid]) : fromPs();
  const words = lines.find(([pid]) => pid === process.ppid)?.[1] ?? [];
  return born && /\bnpm\b/.test(words.join(' ')) ? { pid: process.ppid, born } : undefined;
}

/** Whether some process lives in a folder, as every part of a PostgreSQL does in its data. */
export function isLivedIn(folder: string): boolean {
  if (process.platform !== 'linux') return false;
  return pids().some((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === folder && bornAt(pid) !== undefined;
    } catch {
      return false;
    }
  });
}

function fromProc(of = pids()): [number, string[]][] {
  return of.flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return [[pid, words]];
    } catch {
      return [];
    }
  });
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function fromPs(): [number, string[]][] {
  const lines = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' });
  return lines.split('\n').flatMap((line) => {
    const [pid, ...words] = line.trim().split(/\s+/);
    return pid ? [[Number(pid), words]] : [];
  });
}
