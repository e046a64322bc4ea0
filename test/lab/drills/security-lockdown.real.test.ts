import { drillPasses } from './drill-passes.ts';

drillPasses('security-lockdown');
