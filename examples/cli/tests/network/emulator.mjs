// Starts WorkOS' emulator with a tenant of made-up people: node emulator.mjs FOLDER USERS. Prints its address, and runs until its
// input ends. FOLDER is where .ci/emulator put it.
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2]);
const users = Number(process.argv[3]);
const load = (path) => import(pathToFileURL(join(folder, path)).href);
const { createServer } = await load('workos/dist/emulate/core/index.js');
const { workosPlugin, seedFromConfig, getWorkOSStore } = await load('workos/dist/emulate/workos/index.js');
const { serve } = await load('node_modules/@hono/node-server/dist/index.mjs');

const key = 'sk_live_planted_4f1d2c';
const { app, store } = createServer(workosPlugin, { port: 0, apiKeys: { [key]: { environment: 'test' } } });
const people = Array.from({ length: users }, (_, n) => ({
  // The last two share an address but for its case.
  email: n === users - 1 ? `Person${n - 1}@c0.example` : `person${n}@c0.example`,
  first_name: 'Ada',
  last_name: `Person ${n}`,
  email_verified: true,
}));
seedFromConfig(store, '', { users: people });
const workos = getWorkOSStore(store);
const ids = workos.users.all().map((user) => user.id);
const statuses = ['active', 'inactive', 'pending'];
const members = (c) => ids.filter((_, n) => n % 3 === c || n % 7 === c)
  .map((user_id, n) => ({ user_id, role: n === 0 ? 'admin' : 'member', status: statuses[n % 3] }));
seedFromConfig(store, '', {
  organizations: [0, 1, 2].map((c) => ({
    name: `Company ${c}`,
    domains: [{ domain: `c${c}.example`, state: 'verified' }],
    memberships: members(c),
  })),
  connections: [{ name: 'Okta', organization: 'Company 0', connection_type: 'OktaSAML', domains: ['c0.example'] }],
});
seedFromConfig(store, '', {
  permissions: [{ slug: 'audit:read', name: 'Read the audit log' }],
  roles: [
    { slug: 'admin', name: 'Admin' },
    { slug: 'member', name: 'Member', is_default_role: true },
    { slug: 'auditor', name: 'Auditor', permissions: ['audit:read'] },
  ],
  invitations: [
    { email: 'new@c0.example', organization_id: workos.organizations.all()[0].id },
    { email: 'person0@c0.example', organization_id: workos.organizations.all()[0].id },
  ],
});
const [organization] = workos.organizations.all();
workos.directories.insert({
  object: 'directory', organization_id: organization.id, name: 'Okta', type: 'okta scim v2.0', state: 'linked', domain: 'c0.example',
});
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(`http://127.0.0.1:${port}`));
process.stdin.on('end', () => { server.close(); process.exit(0); });
process.stdin.resume();
