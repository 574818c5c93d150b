// Checks the seccomp profile: all calls exist, and beyond a container's default it allows only the calls that bubblewrap needs.
export const bubblewrap = ['clone', 'mount', 'pivot_root', 'sethostname', 'umount2'];

/** Calls that no container gets without a capability. This one does not get them either. */
const never = ['bpf', 'chroot', 'fsmount', 'fsopen', 'init_module', 'io_uring_setup', 'kexec_load', 'keyctl', 'move_mount', 'open_tree', 'perf_event_open',
  'reboot', 'setns', 'swapon', 'unshare', 'userfaultfd'];

const newUser = 0x10000000, namespaces = 0x7e020000;

export function seccompProblems({ seccomp, calls, page }) {
  const problems = [], say = (text) => problems.push(`seccomp/enclave.json: ${text}`);
  if (seccomp.defaultAction !== 'SCMP_ACT_ERRNO') say('what is not named is not refused');
  // containerd reads the file in the OCI's own form. These members mean nothing there, so the rule would apply to all.
  for (const member of Object.keys(seccomp))
    if (!['defaultAction', 'defaultErrnoRet', 'architectures', 'syscalls'].includes(member)) say(`'${member}' is not of the OCI's form`);
  if (seccomp.architectures?.join() !== 'SCMP_ARCH_X86_64') say('it is for x86-64');
  for (const rule of seccomp.syscalls) {
    for (const member of Object.keys(rule))
      if (!['names', 'action', 'errnoRet', 'args', 'comment'].includes(member)) say(`${rule.names}: '${member}' is not of the OCI's form`);
    if (!rule.comment) say(`${rule.names}: no reason is given`);
    for (const name of rule.names) if (calls && !calls.has(name)) say(`${name} is not a call of x86-64`);
    if (new Set(rule.names).size !== rule.names.length || rule.names.toSorted().join() !== rule.names.join()) say(`${rule.comment}: not in order, or twice`);
  }

  const allowed = seccomp.syscalls.filter((rule) => rule.action === 'SCMP_ACT_ALLOW');
  const ours = allowed.filter((rule) => rule.comment?.startsWith('bubblewrap:')), others = allowed.filter((rule) => !ours.includes(rule));
  const names = ours.flatMap((rule) => rule.names).toSorted();
  if (names.join() !== bubblewrap.join()) say(`allowed for bubblewrap: ${names}; it needs ${bubblewrap}`);
  for (const name of never) if (allowed.some((rule) => rule.names.includes(name))) say(`${name} is allowed`);
  for (const name of bubblewrap) if (others.some((rule) => rule.names.includes(name) && !(name === 'clone' && rule.args?.[0].value === namespaces))) say(
    `${name} is allowed beside the rule for it`);
  const clone = ours.find((rule) => rule.names.includes('clone'))?.args?.[0];
  if (clone?.op !== 'SCMP_CMP_MASKED_EQ' || clone.value !== newUser || clone.valueTwo !== newUser) say('clone makes namespaces without a user namespace');
  for (const name of bubblewrap) if (!page.includes(`| \`${name}\``)) say(`docs/containers.md does not say why ${name} is allowed`);
  return problems;
}
