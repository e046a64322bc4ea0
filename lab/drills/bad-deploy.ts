import { chatService } from '../../manifests/catalogue/chat-service.ts';
import { type Drill, usualSetting } from './define.ts';
import { checkNotDeclared, untilResolved, untilRun } from './stage.ts';

const alertname = 'ServiceCrashLooping';

/** A release whose pods crash: a restart does not help, going back is offered, a person says yes, and the image that was good runs again. */
export const badDeploy: Drill = {
  name: 'bad-deploy',
  title: 'a release crashes: a restart does not help, and one person agrees to go back',
  alertname,
  setting: usualSetting,
  async play(stage) {
    const { control, peers, approve } = stage.platform;
    const { name } = chatService;
    const good = (await peers.workload(name)).image;
    const broken = `${good.replace(/:[^/:]*$/, '')}:broken`;
    await control.releaseBroken(name, broken);
    stage.cause(`Somebody rolls out ${broken}, which crashes.`);

    await untilRun(stage, 'it is restarted, as its page says first, and that is seen not to help', 1_200, {
      action: 'restartWorkload',
      alertname,
      state: 'not-improved',
    });
    const { id, incidentId, says } = await untilRun(
      stage,
      'going back is offered, since another image came before the alert',
      600,
      {
        action: 'rollBack',
        alertname,
        state: 'proposed',
      },
    );
    const before = await peers.workload(name);
    stage.check('nothing goes back before a person says so', before.image === broken, before.image);
    const against = await approve(id, 'sam');
    stage.check(`sam agrees to: ${says}`, against === undefined, against ?? 'agreed');
    await untilRun(stage, 'the pods of the image before stay up', 900, {
      action: 'rollBack',
      alertname,
      state: 'verified',
    });

    const { image, ready, replicas } = await peers.workload(name);
    stage.check('it runs the image that it ran before', image === good, image);
    stage.check('every replica is ready', ready === replicas, `${ready} of ${replicas}`);
    await untilResolved(stage, alertname, 900);
    const images = await stage.writes('setImage', name);
    stage.check('it was sent back once', images.length === 1, images.map(({ value }) => value).join(', '));
    await checkNotDeclared(stage, incidentId);
  },
};
