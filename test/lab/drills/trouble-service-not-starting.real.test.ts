import { drillPasses } from './drill-passes.ts';

drillPasses('trouble-service-not-starting');
