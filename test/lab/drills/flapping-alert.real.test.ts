import { drillPasses } from './drill-passes.ts';

drillPasses('flapping-alert');
