/* nsload: RTP through a relay in another network namespace, and what the whole machine spends on it.
 *
 * nsload NSA NSB PAIRS CALLS SECS
 *
 * One socket in namespace NSA, one in NSB. Each line of PAIRS is "far-end relay-address", of side A and side B of each
 * call in turn; a packet for the relay's port of one side must come out at the other socket, from the relay's port of
 * the other side. PAIRS "-": no relay, the sockets send to each other (the baseline). 50 packets/s per side, 172 bytes,
 * one thread, paced at 233 us, so that it is not in step with the kernel's tick; blocks of 16 from A and B in turn.
 * Where the machine is too small for a relay the sender falls behind: less is sent, and what comes back is still read.
 * Prints JSON: packets, latency by kernel stamps, and busy = processors x wall - idle - iowait - steal of /proc/stat.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PACKET 172
#define BLOCK 16
#define BLOCKS_AT_ONCE 8 /* more are due only when it has fallen behind */
#define RATE 50.0
#define TICK_NS 233000ull
#define WARM_NS 4000000000ull
#define DRAIN_NS 300000000ull
#define STEPS 20000 /* of 1 us */

struct body {
  uint64_t sent_ns;
  uint32_t stream, measured, serial;
} __attribute__((packed));
struct slot {
  struct iovec part;
  char bytes[256];
  char control[64];
  struct sockaddr_in peer;
};

static int sockets[2], calls;
static struct sockaddr_in *relay; /* by stream: 2 x call + side */
static uint32_t *serial, *heard;
static uint64_t sent, received, misrouted, warm_received, steps[STEPS + 1];

static void die(const char *what) {
  perror(what);
  exit(2);
}
static uint64_t now_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int open_in(const char *space, const char *address) {
  char path[128];
  int one = 1, size = 64 << 20;
  snprintf(path, sizeof path, "/run/netns/%s", space);
  int file = open(path, O_RDONLY);
  if (file < 0 || setns(file, CLONE_NEWNET)) die(path);
  close(file);
  int s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(6000)};
  inet_pton(AF_INET, address, &a.sin_addr);
  if (s < 0 || bind(s, (void *)&a, sizeof a)) die("bind");
  setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  setsockopt(s, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
  return s;
}

static void load(const char *path) {
  relay = calloc(2 * calls, sizeof *relay);
  serial = calloc(2 * calls, 4);
  heard = calloc(2 * calls, 4);
  FILE *f = strcmp(path, "-") ? fopen(path, "r") : NULL;
  for (int i = 0; i < 2 * calls; i++) {
    char far[64], at[64], *colon;
    relay[i].sin_family = AF_INET;
    if (!f) {
      snprintf(at, sizeof at, i & 1 ? "10.88.3.1:6000" : "10.88.3.2:6000");
    } else if (fscanf(f, "%63s %63s", far, at) != 2) {
      fprintf(stderr, "pairs file is short\n");
      exit(2);
    }
    colon = strrchr(at, ':');
    *colon = 0;
    inet_pton(AF_INET, at, &relay[i].sin_addr);
    relay[i].sin_port = htons(atoi(colon + 1));
  }
  if (f) fclose(f);
}

static void send_block(int *cursor, int side, int count, int measured) {
  static struct mmsghdr m[BLOCK];
  static struct slot s[BLOCK];
  uint64_t ns = now_ns(CLOCK_REALTIME);
  for (int i = 0; i < count; i++) {
    uint32_t stream = 2 * (cursor[side]++ % calls) + side, n = serial[stream]++;
    unsigned char *b = (void *)s[i].bytes;
    uint32_t time = htonl(n * 160), source = htonl(0x10000000u + stream);
    struct body body = {ns, stream, measured, n};
    b[0] = 0x80;
    b[2] = n >> 8;
    b[3] = n;
    memcpy(b + 4, &time, 4);
    memcpy(b + 8, &source, 4);
    memcpy(b + 12, &body, sizeof body);
    s[i].part = (struct iovec){b, PACKET};
    m[i].msg_hdr = (struct msghdr){
        .msg_name = &relay[stream], .msg_namelen = sizeof relay[0], .msg_iov = &s[i].part, .msg_iovlen = 1};
  }
  for (int done = 0; done < count;) {
    int k = sendmmsg(sockets[side], m + done, count - done, 0);
    if (k > 0) done += k;
  }
  if (measured) sent += count;
}

static void receive(int side, int is_relayed) {
  static struct mmsghdr m[64];
  static struct slot s[64];
  for (int round = 0; round < 32; round++) {
    for (int i = 0; i < 64; i++) {
      s[i].part = (struct iovec){s[i].bytes, sizeof s[i].bytes};
      m[i].msg_hdr = (struct msghdr){.msg_name = &s[i].peer,
                                     .msg_namelen = sizeof s[i].peer,
                                     .msg_iov = &s[i].part,
                                     .msg_iovlen = 1,
                                     .msg_control = s[i].control,
                                     .msg_controllen = sizeof s[i].control};
    }
    int k = recvmmsg(sockets[side], m, 64, MSG_DONTWAIT, NULL);
    for (int i = 0; i < k; i++) {
      struct body body;
      memcpy(&body, s[i].bytes + 12, sizeof body);
      uint32_t stream = body.stream;
      int wrong = m[i].msg_len != PACKET || stream >= 2u * calls || (stream & 1) == (uint32_t)side;
      if (!wrong && is_relayed) wrong = s[i].peer.sin_port != relay[stream ^ 1].sin_port;
      if (wrong) {
        misrouted++;
        continue;
      }
      if (!body.measured) {
        warm_received++;
        continue;
      }
      heard[stream]++;
      received++;
      struct cmsghdr *c = CMSG_FIRSTHDR(&m[i].msg_hdr);
      struct timespec t;
      if (!c) continue;
      memcpy(&t, CMSG_DATA(c), sizeof t);
      int64_t us = (int64_t)(t.tv_sec * 1000000000ull + t.tv_nsec - body.sent_ns) / 1000;
      steps[us < 0 ? 0 : us > STEPS ? STEPS : us]++;
    }
    if (k < 64) return;
  }
}

static double busy_us(void) {
  unsigned long long v[10] = {0};
  int processors = sysconf(_SC_NPROCESSORS_ONLN);
  FILE *f = fopen("/proc/stat", "r");
  if (!f ||
      fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", v, v + 1, v + 2, v + 3, v + 4, v + 5, v + 6, v + 7) < 8)
    die("/proc/stat");
  fclose(f);
  return processors * (now_ns(CLOCK_MONOTONIC) / 1e3) - (v[3] + v[4] + v[7]) * (1e6 / sysconf(_SC_CLK_TCK));
}

static int percentile(double share) {
  uint64_t sum = 0;
  for (int i = 0; i <= STEPS; i++)
    if ((sum += steps[i]) > received * share) return i;
  return STEPS;
}

int main(int count, char **v) {
  if (count != 6) {
    fprintf(stderr, "usage: nsload NSA NSB PAIRS|- CALLS SECS\n");
    return 2;
  }
  int is_relayed = strcmp(v[3], "-") != 0, cursor[2] = {0}, side = 0, silent = 0;
  calls = atoi(v[4]);
  load(v[3]);
  sockets[0] = open_in(v[1], is_relayed ? "10.88.1.2" : "10.88.3.1");
  sockets[1] = open_in(v[2], is_relayed ? "10.88.2.2" : "10.88.3.2");
  prctl(PR_SET_TIMERSLACK, 1000);
  /* What others use: a second in which nothing is sent. */
  double before = busy_us(), wall = now_ns(CLOCK_MONOTONIC);
  sleep(1);
  double foreign = (busy_us() - before) * 1e3 / (now_ns(CLOCK_MONOTONIC) - wall);
  double per_ns = RATE * 2 * calls / 1e9, busy[2] = {0};
  uint64_t start = now_ns(CLOCK_MONOTONIC), length = (uint64_t)atoi(v[5]) * 1000000000ull, out = 0, next = start;
  for (int phase = 0; phase < 3;) {
    uint64_t now = now_ns(CLOCK_MONOTONIC), at = now - start;
    int wanted = at < WARM_NS ? 0 : at < WARM_NS + length ? 1 : 2;
    if (wanted != phase) {
      if (wanted == 1) busy[0] = busy_us();
      if (wanted == 2) busy[1] = busy_us();
      phase = wanted;
    }
    if (phase == 2 && at > WARM_NS + length + DRAIN_NS) break;
    uint64_t due = (uint64_t)(at * per_ns);
    for (int i = 0; i < BLOCKS_AT_ONCE && phase < 2 && out + BLOCK <= due; i++) {
      send_block(cursor, side, BLOCK, phase);
      side ^= 1;
      out += BLOCK;
    }
    receive(0, is_relayed);
    receive(1, is_relayed);
    next += TICK_NS;
    if (next < now) next = now;
    struct timespec t = {next / 1000000000ull, next % 1000000000ull};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
  }
  for (int i = 0; i < 2 * calls; i++) silent += heard[i] == 0;
  printf(
      "{\"sent\":%llu,\"received\":%llu,\"misrouted\":%llu,\"silent_streams\":%d,\"lat_p50_us\":%d,\"lat_p99_us\":%d,"
      "\"busy_us_per_pkt\":%.4f,\"foreign_processors\":%.3f}\n",
      (unsigned long long)sent, (unsigned long long)received, (unsigned long long)misrouted, silent, percentile(0.5),
      percentile(0.99), received ? (busy[1] - busy[0]) / received : 0, foreign);
  return 0;
}
