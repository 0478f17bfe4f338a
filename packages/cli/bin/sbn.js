#!/usr/bin/env node
import { main } from '../bundle/sbn.js';

process.exitCode = await main(process.argv);
