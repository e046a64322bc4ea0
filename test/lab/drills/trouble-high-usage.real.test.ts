import { drillPasses } from './drill-passes.ts';

drillPasses('trouble-high-usage');
