import { drillPasses } from './drill-passes.ts';

drillPasses('restore-over-production');
