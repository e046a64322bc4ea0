import { meetingService } from '../../manifests/catalogue/meeting-service.ts';
import { type Drill, usualSetting } from './define.ts';
import { checkNotDeclared, untilResolved, untilRun } from './stage.ts';

/** Pods of a service crash, and a restart cures them. */
export const serviceCrashLoop: Drill = {
  name: 'service-crash-loop',
  title: 'a service crashes, a rollout restart cures it',
  alertname: 'ServiceCrashLooping',
  setting: usualSetting,
  async play(stage) {
    const { control, peers } = stage.platform;
    const { name } = meetingService;
    await control.crash(name, { curedByRestart: true });
    stage.cause(`Every pod of ${name} crashes and starts again.`);

    await untilRun(stage, 'ServiceCrashLooping fires and the service is restarted', 900, {
      action: 'restartWorkload',
      alertname: 'ServiceCrashLooping',
      state: 'verifying',
    });
    const { incidentId } = await untilRun(stage, 'the new pods stay up: the act is verified', 600, {
      action: 'restartWorkload',
      alertname: 'ServiceCrashLooping',
      state: 'verified',
    });

    const { ready, replicas } = await peers.workload(name);
    stage.check('every replica is ready', ready === replicas, `${ready} of ${replicas}`);
    await untilResolved(stage, 'ServiceCrashLooping', 900);
    const restarts = await stage.writes('restart');
    stage.check(
      'it was restarted once, and nothing else was',
      restarts.length === 1 && restarts[0]?.target === name,
      restarts.map(({ target }) => target).join(', '),
    );
    await checkNotDeclared(stage, incidentId);
  },
};
