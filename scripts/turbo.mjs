/** Runs turbo's tasks without telemetry: `node scripts/turbo.mjs build lint`. */
import { run, turboCommand } from './workspace.mjs';

process.exitCode = await run(turboCommand(...process.argv.slice(2)));
