import { drillPasses } from './drill-passes.ts';

drillPasses('action-does-not-help');
