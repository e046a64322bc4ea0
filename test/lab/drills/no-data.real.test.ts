import { drillPasses } from './drill-passes.ts';

drillPasses('no-data');
