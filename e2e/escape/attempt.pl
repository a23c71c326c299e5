# What a shell can't do by itself: sockets and system calls, for the attempts to escape. Says ESCAPED where it gets somewhere it must not.
use strict; use warnings; use Socket qw(:all); use Errno qw(ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM);
my ($what, @args) = @ARGV;
$SIG{ALRM} = sub { print "ESCAPED: no answer, but it was sent\n" if $what eq 'remote'; exit 1 };
alarm 2;
sub escaped { print "ESCAPED: @_\n"; exit 0 }
sub address { my ($host, $port) = @_;
  return ($host =~ /:/) ? (AF_INET6, pack_sockaddr_in6($port, inet_pton(AF_INET6, $host))) : (AF_INET, pack_sockaddr_in($port, inet_aton($host) // die "no such host\n")) }
my %do = (
  # Something listens there: only an answer counts.
  tcp => sub { my ($family, $to) = address(@_); socket(my $s, $family, SOCK_STREAM, 0) or die "socket: $!\n"; connect($s, $to) or die "connect: $!\n"; syswrite $s, "hit"; escaped('connected') },
  # Nobody may listen there: that a packet can be sent at all counts.
  remote => sub { my ($family, $to) = address(@_); socket(my $s, $family, SOCK_STREAM, 0) or die "socket: $!\n"; connect($s, $to) and escaped('connected');
    escaped("the packet left: $!") unless $! == ENETUNREACH || $! == EADDRNOTAVAIL || $! == EACCES || $! == EPERM; die "connect: $!\n" },
  udp => sub { my ($family, $to) = address(@_[0, 1]); socket(my $s, $family, SOCK_DGRAM, 0) or die "socket: $!\n"; defined send($s, 'hit', 0, $to) or die "send: $!\n"; escaped('sent') if $_[2] },
  raw => sub { socket(my $s, AF_INET, SOCK_RAW, 1) or die "socket: $!\n"; defined send($s, "\x08\x00\xf7\xff\0\0\0\0", 0, pack_sockaddr_in(0, inet_aton($_[0]))) or die "send: $!\n"; escaped('sent') },
  family => sub { socket(my $s, $_[0], $_[1] // SOCK_STREAM, 0) or die "socket: $!\n"; escaped("a socket of family $_[0]") },
  unix => sub { socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n"; connect($s, pack_sockaddr_un($_[0])) or die "connect: $!\n"; syswrite $s, "hit"; escaped('connected') },
  abstract => sub { socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n"; connect($s, pack('S a*', AF_UNIX, "\0$_[0]")) or die "connect: $!\n"; syswrite $s, "hit"; escaped('connected') },
  # A call by number with numbers; a result of 0 or more counts.
  call => sub { my @numbers = map { $_ + 0 } @_; my $got = syscall(shift @numbers, @numbers); $got >= 0 or die "refused: $!\n"; escaped("it returned $got") },
  uring => sub { my $params = "\0" x 120; my $got = syscall(425, 4, $params); $got >= 0 or die "refused: $!\n"; escaped('a ring') },
  ptrace => sub { syscall(101, 16, $_[0] + 0, 0, 0) >= 0 or die "refused: $!\n"; waitpid $_[0], 0; syscall(101, 17, $_[0] + 0, 0, 0); escaped('attached') },
  stuff => sub { for my $name ('/dev/tty', '/dev/pts/0', '/proc/self/fd/0', '/proc/self/fd/1', '/dev/console') { open(my $t, '+<', $name) or next; my $c = 'x'; ioctl($t, 0x5412, $c) and escaped("typed into $name") } die "no terminal\n" },
  key => sub { my ($type, $name) = ('user', $_[0]); my $id = syscall(249, $type, $name, 0, 0); $id >= 0 or die "no key: $!\n"; my $held = "\0" x 64; my $got = syscall(250, 11, $id, $held, 64); $got >= 0 or die "no reading: $!\n"; print "ESCAPED: ", substr($held, 0, $got), "\n" },
  addkey => sub { my ($type, $name, $held) = ('user', $_[0], $_[1]); my $id = syscall(248, $type, $name, $held, length $held, ($_[2] // -3) + 0); $id >= 0 or die "no key: $!\n"; print "$id\n" },
  # Through the proxy of the sandbox, where there is one: says what it answered.
  proxy => sub { my ($user, $port) = ($ENV{HTTPS_PROXY} // '') =~ m{^http://(.*)\@localhost:(\d+)} or die "no proxy\n"; socket(my $s, AF_INET, SOCK_STREAM, 0) or die "socket: $!\n";
    connect($s, pack_sockaddr_in($port, inet_aton('127.0.0.1'))) or die "connect: $!\n"; $user =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge; my $word = pack('u', $user); $word =~ s/^.//mg; $word =~ s/\n//g; $word =~ tr{` -_}{AA-Za-z0-9+/}; 
    $word .= '=' x ((4 - length($word) % 4) % 4); my $pad = (3 - length($user) % 3) % 3; substr($word, -$pad) = '=' x $pad if $pad; alarm 8;
    syswrite $s, "CONNECT $_[0] HTTP/1.1\r\nHost: $_[0]\r\nProxy-Authorization: Basic $word\r\n\r\n"; sysread $s, my $said, 4000; print $said // '', "\n" },
  clock => sub { my $now = pack('q q', time, 0); syscall(164, $now, 0) >= 0 or die "refused: $!\n"; escaped('the clock is set') },
  handle => sub { my $handle = pack('I i a128', 128, 0, ''); my $mount = pack('i', 0); my $path = $_[0]; syscall(303, -100, $path, $handle, $mount, 0) >= 0 or die "no handle: $!\n";
    open(my $root, '<', '/usr') or die; my $root_inode = pack('I i I I', 8, 1, 2, 0); my $fd = syscall(304, fileno($root), $root_inode, 0); $fd >= 0 or die "refused: $!\n"; escaped('the root of the disk by its number') },
);
($do{$what} // die "what is $what?\n")->(@args);
