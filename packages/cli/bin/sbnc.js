#!/usr/bin/env node
import { main } from '../bundle/sbnc.js';

process.exitCode = await main(process.argv);
