/** Runs turbo's tasks without telemetry: `node scripts/turbo.mjs build lint`. */
import { nodeCommand, run } from './workspace.mjs';

process.exitCode = await run(nodeCommand('node_modules/turbo/bin/turbo', 'run', ...process.argv.slice(2)));
