#!/usr/bin/env node
import { main } from '../dist/sbnc.js';

process.exitCode = await main(process.argv);
