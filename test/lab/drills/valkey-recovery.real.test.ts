import { drillPasses } from './drill-passes.ts';

drillPasses('valkey-recovery');
