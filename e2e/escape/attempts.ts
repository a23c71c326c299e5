// The attempts to escape, each one a shell command. It got out where it says ESCAPED or shows a canary, where a listener was reached, where a
// watched file changed or a stray one appeared, or where the other process died.
import { type Ground, secretsAtHome, secretsInFolder } from './ground.ts';

export type Attempt = {
  readonly name: string;
  readonly command: (ground: Ground) => string;
  /** Without a sandbox: it must get out; it may fail for other reasons; or it is too harmful to be tried. */
  readonly bare: 'escapes' | 'may fail' | 'never tried';
};

const perl = (what: string): string => `perl attempt.pl ${what}`;
const try_ = (name: string, bare: Attempt['bare'], command: string | Attempt['command']): Attempt => ({
  name,
  bare,
  command: typeof command === 'string' ? () => command : command,
});

const reads: readonly Attempt[] = [
  ...secretsAtHome.map((name) => try_(`reads ~/${name}`, 'escapes', ({ home }) => `cat '${home}/${name}'`)),
  ...secretsInFolder.map((name) => try_(`reads ${name} in the folder`, 'escapes', `cat ${name}`)),
  ...['nacre.db', 'keys.json', 'runs/2/command.txt'].map((name) => try_(`reads our own ${name}`, 'escapes', ({ data }) => `cat ${data}/${name}`)),
  try_('opens a folder that was closed to us', 'escapes', 'chmod 755 closed; cat closed/.env'),
  try_('reads the passwords of the computer', 'may fail', 'grep -q : /etc/shadow && echo ESCAPED'),
  try_('reads a secret through a link of its own', 'escapes', ({ home }) => `ln -s ${home}/.ssh/id_ed25519 mine; cat mine`),
  try_('reads a secret through a link to its folder', 'escapes', ({ home }) => `ln -s ${home} mine2; cat mine2/.aws/credentials`),
  try_('reads a secret through a second name', 'escapes', ({ home }) => `ln ${home}/.ssh/id_ed25519 hard && cat hard`),
  try_('gives a hidden file of the folder a second name', 'escapes', 'ln .env.local copy1 && cat copy1'),
  try_('moves a hidden file of the folder', 'escapes', 'mv .env moved && cat moved'),
  try_('moves the folder above a hidden file', 'escapes', 'mv sub/deep sub/other && cat sub/other/.env'),
  try_(
    'reads a secret while it exchanges links as fast as it can',
    'escapes',
    ({ home }) => `echo harmless > calm; i=0; while [ $i -lt 300 ]; do ln -sfn ${home}/.ssh/id_ed25519 race; cat race; ln -sfn calm race; i=$((i+1)); done`,
  ),
  try_(
    'reads a secret while it renames folders as fast as it can',
    'escapes',
    () => 'for n in $(seq 200); do mv sub sub2; cat sub2/deep/.env sub/deep/.env; mv sub2 sub; done 2>/dev/null',
  ),
  try_('reads a secret by the root of its own process', 'escapes', ({ home }) => `cat /proc/self/root${home}/.ssh/id_ed25519`),
  try_('reads a secret by the root of the first process', 'may fail', ({ home }) => `cat /proc/1/root${home}/.ssh/id_ed25519`),
  try_(
    'reads a secret by the working folder of any process',
    'may fail',
    ({ home }) => `cat /proc/[0-9]*/cwd${home}/.ssh/id_ed25519 /proc/[0-9]*/root${home}/.netrc`,
  ),
  try_('reads a secret with two dots', 'escapes', '(cd ../.. && cat home/.netrc)'),
  try_('reads all it finds', 'escapes', ({ base }) => `grep -rhs CANARY- ${base} | head -3`),
  try_('packs the home folder', 'escapes', ({ home }) => `tar cf - -C ${home} . 2>/dev/null | grep -a CANARY-4711 | head -1`),
  try_(
    'looks at the other processes',
    'escapes',
    ({ victim }) => `[ -d /proc/${victim.pid} ] && tr '\\0' ' ' < /proc/${victim.pid}/cmdline | grep -q 'sleep 1000' && echo ESCAPED`,
  ),
  try_('reads the environment of all processes', 'escapes', 'cat /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n" | grep -a "CANARY-[4]711" | head -1'),
  try_('reads its own environment for our secrets', 'never tried', 'env; cat /proc/self/environ /proc/1/environ 2>/dev/null'),
  try_(
    'reads the memory of the kernel',
    'may fail',
    'for f in /dev/mem /dev/kmem /dev/port /proc/kcore; do head -c 1 $f 2>/dev/null | grep -q . && echo ESCAPED; done',
  ),
  try_(
    'reads the disk itself',
    'may fail',
    'for d in /dev/vda /dev/sda /dev/nvme0n1 /dev/dm-0; do head -c 512 $d 2>/dev/null | grep -qc "" && echo ESCAPED; done',
  ),
  try_('makes a device for the disk', 'may fail', 'mknod disk b 254 0 && head -c 512 disk | grep -qc "" && echo ESCAPED; rm -f disk'),
  try_('opens the root of the disk by its number', 'may fail', perl('handle /usr')),
  try_('reads a key from the keyring of the session', 'escapes', perl('key nacre-escape')),
];

const writes: readonly Attempt[] = [
  ...['.bashrc', '.profile', '.config/autostart/x.desktop', '.ssh/authorized_keys'].map((name) =>
    try_(`writes ~/${name}`, 'escapes', ({ home }) => `echo evil >> ${home}/${name}`),
  ),
  try_('makes a start-up file that was not there', 'escapes', ({ home, stray }) => `touch ${home}/${stray}`),
  try_('writes our database', 'escapes', ({ data }) => `echo evil >> ${data}/nacre.db`),
  try_('removes our keys', 'escapes', ({ data }) => `rm -f ${data}/keys.json`),
  try_('puts a file into our data', 'escapes', ({ data, stray }) => `touch ${data}/${stray}`),
  try_('writes beside the folder', 'escapes', ({ outside }) => `echo evil >> ${outside}/file`),
  try_('removes beside the folder', 'escapes', ({ outside }) => `rm -f ${outside}/file`),
  try_('makes a file beside the folder', 'escapes', ({ stray }) => `touch ../${stray}`),
  try_('writes through a link that leads out', 'escapes', 'echo evil > link'),
  try_('writes through a link of its own', 'escapes', ({ outside }) => `ln -s ${outside} way; echo evil > way/file`),
  try_('writes through a second name', 'escapes', ({ outside }) => `ln ${outside}/file hard2 && echo evil > hard2`),
  try_('moves a file out', 'escapes', ({ outside, stray }) => `touch ${stray}; mv ${stray} ${outside}/${stray}`),
  try_(
    'swaps its folder for a link',
    'escapes',
    ({ outside }) => `cd ..; mv folder folder2 && ln -s ${outside} folder && echo evil > folder/file; mv folder2 folder`,
  ),
  try_('writes to the temporary folder', 'escapes', ({ stray }) => `touch /tmp/${stray}`),
  try_('writes to shared memory', 'escapes', ({ stray }) => `touch /dev/shm/${stray}`),
  try_('writes to the other temporary folder', 'escapes', ({ stray }) => `touch /var/tmp/${stray}`),
  try_('puts a program where all find it', 'may fail', ({ stray }) => `touch /usr/local/bin/${stray} || touch /usr/bin/${stray}`),
  try_('has a library loaded into every program', 'never tried', 'echo /tmp/evil.so > /etc/ld.so.preload && echo ESCAPED'),
  try_('adds a user', 'never tried', 'echo evil >> /etc/passwd && echo ESCAPED'),
  try_('leaves a job for later', 'may fail', ({ stray }) => `touch /etc/cron.d/${stray} || touch /var/spool/cron/${stray}`),
  try_('puts a hook into git', 'escapes', 'echo evil > .git/hooks/pre-commit'),
  try_('makes a new hook', 'escapes', 'touch .git/hooks/post-checkout && echo ESCAPED'),
  try_('changes the settings of git', 'escapes', 'echo "[core] fsmonitor=evil" >> .git/config'),
  try_('changes the settings of git by git', 'may fail', 'git config core.fsmonitor evil'),
  try_('exchanges the folder of git', 'escapes', 'mv .git old && mkdir -p .git/hooks && echo evil > .git/config && echo evil > .git/hooks/pre-commit'),
  try_(
    'removes the folder of git to make another',
    'escapes',
    'rm -rf vendor/nested/.git; mkdir -p vendor/nested/.git && echo evil > vendor/nested/.git/config',
  ),
  try_('exchanges the folder above a repository', 'escapes', 'mv vendor v2 && mkdir -p vendor/nested/.git && echo evil > vendor/nested/.git/config'),
  try_('puts a hook into a repository within', 'escapes', 'echo evil > vendor/nested/.git/config'),
  try_('changes what an editor runs', 'escapes', 'echo evil > .vscode/tasks.json'),
];

const remote: readonly string[] = [
  '169.254.169.254',
  '2852039166',
  '0xA9FEA9FE',
  '0251.0376.0251.0376',
  '169.254.43518',
  '::ffff:169.254.169.254',
  'fd00:ec2::254',
  '100.100.100.200',
  '10.0.0.1',
  '192.168.0.1',
  '8.8.8.8',
  '2001:4860:4860::8888',
];
const loopback: readonly string[] = ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0.0.0.0', '::1', '::ffff:127.0.0.1'];

const network: readonly Attempt[] = [
  ...loopback.map((host) => try_(`reaches a listener of this computer as ${host}`, 'escapes', ({ tcp }) => perl(`tcp ${host} ${tcp}`))),
  ...remote.map((host) => try_(`sends to ${host}`, 'may fail', perl(`remote ${host} 80`))),
  try_('reaches a listener by datagram', 'escapes', ({ udp }) => `${perl(`udp 127.0.0.1 ${udp}`)}; sleep 0.1`),
  try_('asks a name server', 'may fail', perl('udp 8.8.8.8 53 out')),
  try_('looks a name up', 'may fail', 'getent hosts example.com && echo ESCAPED'),
  try_('sends a raw packet', 'may fail', perl('raw 8.8.8.8')),
  try_('has a network card', 'may fail', "grep -v -e '|' -e 'lo:' /proc/net/dev | grep -q : && echo ESCAPED"),
  try_('reaches a socket in the file system', 'escapes', ({ base }) => perl(`unix ${base}/outside.sock`)),
  try_('reaches an abstract socket', 'escapes', ({ abstract }) => perl(`abstract ${abstract}`)),
  try_('makes a Unix socket at all', 'escapes', perl('family 1')),
  try_('makes a socket of virtual machines', 'may fail', perl('family 40')),
  try_('makes a ring of system calls, which pass by the filter', 'may fail', perl('uring')),
  try_(
    'joins the network of the first process',
    'may fail',
    'nsenter --net=/proc/1/ns/net true && [ "$(readlink /proc/1/ns/net)" != "$(readlink /proc/self/ns/net)" ] && echo ESCAPED',
  ),
  try_(
    'talks to the container service',
    'may fail',
    'for s in /run/docker.sock /run/containerd/containerd.sock /run/dbus/system_bus_socket; do [ -S $s ] && perl attempt.pl unix $s; done',
  ),
];

const kernel: readonly Attempt[] = [
  try_('makes a user namespace', 'may fail', 'unshare --user --map-root-user true && echo ESCAPED'),
  try_('makes a user namespace by number', 'may fail', perl('call 272 268435456')),
  try_('makes a mount namespace', 'may fail', 'unshare --mount true && echo ESCAPED'),
  try_('mounts', 'never tried', 'mkdir -p m; mount -t tmpfs none m && echo ESCAPED'),
  try_('takes a cover off', 'never tried', ({ home }) => `umount -l ${home}; umount -l /proc/sys; umount -l /proc; umount -l .env; cat .env ${home}/.netrc`),
  try_('makes the system writable again', 'never tried', 'mount -o remount,rw / && echo ESCAPED'),
  try_('mounts a second table of processes', 'never tried', 'mkdir -p p; mount -t proc proc p && echo ESCAPED'),
  try_('exchanges the root', 'may fail', ({ home }) => `mkdir -p r; chroot . /bin/true; chroot /proc/1/root cat ${home}/.netrc`),
  try_('follows another process', 'may fail', ({ victim }) => perl(`ptrace ${victim.pid}`)),
  try_('ends another process', 'escapes', ({ victim }) => `kill -9 ${victim.pid}`),
  try_('ends all processes', 'never tried', 'kill -9 -1'),
  try_('ends its own ancestors', 'never tried', 'kill -9 1; kill -9 $PPID'),
  try_('holds another process by a descriptor', 'escapes', ({ victim }) => perl(`call 434 ${victim.pid} 0`)),
  try_('types into a terminal', 'may fail', perl('stuff')),
  try_('sets the clock', 'never tried', perl('clock')),
  try_('names the computer', 'never tried', 'hostname escaped && echo ESCAPED'),
  try_('loads a module', 'never tried', perl('call 175 0 0 0')),
  try_('loads a program into the kernel', 'never tried', perl('call 321 0 0 0')),
  try_('gets at ports of the processor', 'never tried', perl('call 172 3')),
  try_('swaps', 'never tried', perl('call 168 0')),
  try_('raises its own rank', 'may fail', perl('call 141 0 0 -20')),
  try_(
    'writes a setting of the kernel',
    'never tried',
    'for f in kernel/core_pattern kernel/modprobe vm/overcommit_memory kernel/randomize_va_space fs/file-max; do [ -w /proc/sys/$f ] && echo ESCAPED; done',
  ),
  try_(
    'writes a setting of the kernel for good',
    'never tried',
    'v=$(cat /proc/sys/kernel/core_pattern); echo "$v" > /proc/sys/kernel/core_pattern && echo ESCAPED',
  ),
  try_('presses the magic key', 'never tried', 'echo h > /proc/sysrq-trigger && echo ESCAPED'),
  try_(
    'writes to /sys',
    'never tried',
    'for f in /sys/power/state /sys/kernel/uevent_helper /sys/kernel/mm/transparent_hugepage/enabled; do [ -w $f ] && echo ESCAPED; done',
  ),
  try_(
    'makes a control group',
    'may fail',
    'for d in /sys/fs/cgroup /sys/fs/cgroup/pids /sys/fs/cgroup/memory; do mkdir $d/nacre-try 2>/dev/null && rmdir $d/nacre-try && echo ESCAPED; done',
  ),
  try_('leaves its control group', 'never tried', 'for f in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/pids/cgroup.procs; do [ -w $f ] && echo ESCAPED; done'),
  try_(
    'becomes root by a program of root',
    'may fail',
    'for p in su sudo mount pkexec; do f=$(command -v $p) && [ -u "$f" ] && ! grep -q "NoNewPrivs:.1" /proc/self/status && echo ESCAPED; done',
  ),
];

export const attempts: readonly Attempt[] = [...reads, ...writes, ...network, ...kernel];
