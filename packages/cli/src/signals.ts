/** The signals that ask a command to end. The first is heard and obeyed in good order; the second ends the process as if it had never been heard. */

import { isatty } from 'node:tty';

/** Ctrl-C; what `kill`, batch systems and containers send; and what comes when the terminal is closed. */
export type InterruptSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const SIGNALS: readonly InterruptSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Milliseconds in which a further signal is the first one again: `npx` passes on a Ctrl-C that the terminal has sent to all. */
const ECHO = 500;

/** Calls `listener` at the first signal, until the returned function is called. */
export function onSignals(listener: (signal: InterruptSignal) => void): () => void {
  const hasTerminal = [0, 1, 2].some((file) => isatty(file));
  let isOver = false;
  let echo: NodeJS.Timeout | undefined;
  const hear = (signal: InterruptSignal): void => {
    if (echo !== undefined || isOver) return;
    // From then on the system does with a signal what it does by itself, even where no event is handled.
    echo = setTimeout(letGo, ECHO).unref();
    if (signal === 'SIGHUP' && hasTerminal) process.once('exit', dieOfHangup);
    listener(signal);
  };
  const letGo = (): void => {
    for (const signal of SIGNALS) process.off(signal, hear);
  };
  for (const signal of SIGNALS) process.on(signal, hear);
  return () => {
    isOver = true;
    // An echo is not to end a command that is about to end with a code of its own.
    if (echo === undefined) letGo();
  };
}

/** Node puts the terminal back as it was when it ends, and aborts where there is none any more. A shell counts this as 129 too. */
function dieOfHangup(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}
