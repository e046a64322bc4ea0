import { drillPasses } from './drill-passes.ts';

drillPasses('trouble-database');
