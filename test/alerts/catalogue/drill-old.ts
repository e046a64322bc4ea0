import { drillOld } from '../../../alerts/catalogue/drill-old.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const passed =
  'gomeet_responder_drill_passed_timestamp_seconds{job="responder", instance="r1", drill="sfu-saturation"}';
// promtool's clock begins at the epoch.
const daysAgo = (days: number) => String(-days * 86_400);

export const proof = proves(drillOld, {
  'it fires an hour after a quarter of a year without a drill': fires(
    { [passed]: `${daysAgo(95)}x100` },
    ['59m', '62m'],
    [
      fired(
        drillOld,
        'info platform responder',
        { drill: 'sfu-saturation' },
        'Drill sfu-saturation passed 95d 1h 2m 0s ago.',
      ),
    ],
    '1m',
  ),
  'it knows how old is too old: 105 days are, 75 are not': [
    silent({ [passed]: `${daysAgo(75)}x100` }, '90m', '1m'),
    silent({ [passed]: `${daysAgo(89)}x100` }, '90m', '1m'),
  ],
  'it stays silent once it was played again, and without data': [
    silent({ [passed]: `${daysAgo(95)}x30 0x70` }, '90m', '1m'),
    silent({}, '90m', '1m'),
  ],
});
