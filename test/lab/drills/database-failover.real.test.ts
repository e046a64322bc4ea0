import { drillPasses } from './drill-passes.ts';

drillPasses('database-failover');
