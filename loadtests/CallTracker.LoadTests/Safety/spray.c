/* spray: packets of every kind with made-up sources to a range of media ports, and a watch for anything leaked.
 *
 * spray TARGET FIRST LAST PEER RATE SECS
 *
 * The method of the published spray tool (CVE-2025-53399) with raw sockets: RATE datagrams/s for SECS to the ports
 * FIRST to LAST of TARGET, in turn. A third comes from anywhere (198.18.0.0/15), a third from loopback addresses, a
 * third from the addresses of the real parties (127.1.0.0/22, see PartySdp.cs), never from their ports PEER to
 * PEER + 7. Kinds: streams in order, the tool's packet, chance, RTCP SR and BYE (of the SSRC "CTsp", see RtcpEars.cs),
 * STUN, DTLS, one byte. A packet that leaves one of these ports for any other port than the parties' is a leak. Prints
 * JSON at its end (time or SIGTERM).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define RTP 172
#define KINDS 8
#define PARTY_PORTS 8
#define TICK_NS 500000

struct slot {
  struct iovec part;
  unsigned char bytes[20 + 8 + RTP];
};

static const char rtcp_mark[] = "CTsp";
static volatile sig_atomic_t stop;
static uint32_t chance = 2463534242u;
static int first, last, peer, count;
static uint16_t *sequence;

static void on_signal(int s) {
  (void)s;
  stop = 1;
}
static void die(const char *what) {
  perror(what);
  exit(2);
}
static uint32_t next(void) {
  chance ^= chance << 13;
  chance ^= chance >> 17;
  return chance ^= chance << 5;
}
static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* Everything that leaves the ports for a port that is not the parties'. */
static int open_watch(const char *target) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 12), /* from the target, as no made-up source is */
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(inet_addr(target)), 0, 10),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9), /* UDP */
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 8),
      BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
      BPF_STMT(BPF_LD | BPF_H | BPF_IND, 0), /* source port */
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)first, 0, 5),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)last, 4, 0),
      BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2), /* destination port */
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)peer, 0, 1),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)(peer + PARTY_PORTS - 1), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 64),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
  int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, 0), size = 1 << 20;
  if (fd < 0) die("packet socket (needs root)");
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program)) die("filter");
  struct sockaddr_ll any = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
  if (bind(fd, (void *)&any, sizeof any)) die("bind");
  return fd;
}

static uint64_t leaked(int fd) {
  unsigned char bytes[64];
  struct sockaddr_ll from;
  uint64_t n = 0;
  for (;;) {
    socklen_t length = sizeof from;
    if (recvfrom(fd, bytes, sizeof bytes, 0, (void *)&from, &length) < 0) return n;
    if (from.sll_pkttype != PACKET_OUTGOING) n++; /* loopback shows each packet twice */
  }
}

static int payload(unsigned char *p, int kind, int target, uint32_t source) {
  static const unsigned char tool[12] = {0x80, 0, 0xee, 0x3c, 4, 0x42, 0xa2, 0xc1, 0xef, 0x0a, 7, 0xde};
  memset(p, 0, RTP);
  switch (kind) {
    case 0: /* a stream that a latch might learn */
      p[0] = 0x80;
      p[2] = ++sequence[target] >> 8;
      p[3] = sequence[target];
      memcpy(p + 8, &source, 4);
      return RTP;
    case 1: memcpy(p, tool, sizeof tool); return RTP;
    case 2:
      for (int i = 0; i < 12; i += 4) {
        uint32_t x = next();
        memcpy(p + i, &x, 4);
      }
      p[0] = 0x80;
      return RTP;
    case 3: p[0] = 0x80; p[1] = 200; p[3] = 6; memcpy(p + 4, rtcp_mark, 4); return 28;
    case 4: p[0] = 0x81; p[1] = 203; p[3] = 1; memcpy(p + 4, rtcp_mark, 4); return 8;
    case 5: p[1] = 1; p[4] = 0x21; p[5] = 0x12; p[6] = 0xa4; p[7] = 0x42; return 20;
    case 6: p[0] = 22; p[1] = 0xfe; p[2] = 0xff; return 60;
    default: p[0] = 0x80; return 1;
  }
}

/* A stream keeps its source; its port is never one of the parties'. */
static void fill(struct slot *s, uint64_t n, uint32_t target) {
  int port = (int)(n % count), kind = (int)(n / count % KINDS);
  uint32_t choice = kind == 0 ? (uint32_t)port : next(), source;
  if (choice % 3 == 0) source = 0xc6120000u | (choice >> 8 & 0x1ffff);
  else if (choice % 3 == 1) source = 0x7f620000u | (choice >> 8 & 0xffff);
  else source = 0x7f010000u | (choice >> 8 & 3) << 8 | (1 + (choice >> 10) % 250);
  uint16_t from = kind == 0 ? 7000 : 1024 + (choice >> 4) % 30000;
  if (from >= peer && from < peer + PARTY_PORTS) from = 7001;
  int length = payload(s->bytes + 28, kind, port, source);
  struct iphdr ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP, .tot_len = htons(28 + length),
                     .saddr = htonl(source), .daddr = target};
  struct udphdr udp = {.source = htons(from), .dest = htons(first + port), .len = htons(8 + length)};
  memcpy(s->bytes, &ip, 20);
  memcpy(s->bytes + 20, &udp, 8);
  s->part = (struct iovec){s->bytes, 28 + length};
}

int main(int argc, char **argv) {
  if (argc != 7) return fprintf(stderr, "usage: spray TARGET FIRST LAST PEER RATE SECS\n"), 2;
  uint32_t target = inet_addr(argv[1]);
  first = atoi(argv[2]), last = atoi(argv[3]), peer = atoi(argv[4]), count = last - first + 1;
  double rate = atof(argv[5]), secs = atof(argv[6]);
  if ((ntohl(target) >> 24) != 127 || count < 1 || rate < 1 || rate > 1e6 || secs > 600)
    return fprintf(stderr, "loopback only, at most 1000000/s for 600 s\n"), 2;
  sequence = calloc(count, sizeof *sequence);
  struct slot *slots = calloc(BATCH, sizeof *slots);
  struct mmsghdr *messages = calloc(BATCH, sizeof *messages);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = target};
  for (int i = 0; i < BATCH; i++)
    messages[i].msg_hdr = (struct msghdr){.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &slots[i].part,
                                          .msg_iovlen = 1};
  int watch = open_watch(argv[1]), out = socket(AF_INET, SOCK_RAW, IPPROTO_RAW), size = 8 << 20;
  if (out < 0) die("raw socket (needs root)");
  setsockopt(out, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  signal(SIGTERM, on_signal);
  signal(SIGINT, on_signal);
  prctl(PR_SET_TIMERSLACK, 1000);
  printf("ready\n");
  fflush(stdout);
  uint64_t begin = now_ns(), sent = 0, errors = 0, leaks = 0, tick = 0;
  while (!stop && now_ns() - begin < secs * 1e9) {
    uint64_t due = (uint64_t)((now_ns() - begin) / 1e9 * rate);
    if (due > sent + errors + rate / 20) due = sent + errors + rate / 20; /* late: no burst of more than 50 ms */
    while (sent + errors < due) {
      int n = due - sent - errors < BATCH ? (int)(due - sent - errors) : BATCH;
      for (int i = 0; i < n; i++) fill(&slots[i], sent + errors + i, target);
      int done = sendmmsg(out, messages, n, 0);
      if (done > 0) sent += done;
      else errors++;
    }
    if (++tick % 64 == 0) leaks += leaked(watch);
    struct timespec rest = {0, TICK_NS};
    nanosleep(&rest, NULL);
  }
  double took = (now_ns() - begin) / 1e9;
  usleep(200000);
  leaks += leaked(watch);
  printf("{\"sent\":%llu,\"errors\":%llu,\"secs\":%.3f,\"leaked\":%llu}\n", (unsigned long long)sent,
         (unsigned long long)errors, took, (unsigned long long)leaks);
  return 0;
}
