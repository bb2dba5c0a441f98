// The kernel fast path: relays the RTP of calls that need nothing but relaying, at the TCX ingress of an interface.
// What is in any way unusual goes up to the node's sockets, which stay open and complete. Read together with
// FlowEntry.cs (the same layout), RtpReceiveStats.cs (the same statistics) and ops/decisions/0041.
// Built by FastPath/build; no libbpf, no BTF, so that the loader needs nothing but the bpf system call.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#define SEC(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))
#define swap16(x) __builtin_bswap16(x)
#define barrier() __asm__ volatile("" ::: "memory")
// Volatile, or clang makes one increment at a computed address of two: that pointer arithmetic needs CAP_PERFMON.
#define bump(field) ((*(volatile __u64 *)&(field))++)

// TCX_NEXT: other programs of the interface, then the stack, have the packet as if this program were not there.
#define UP (-1)

static void *(*map_lookup)(void *map, const void *key) = (void *)BPF_FUNC_map_lookup_elem;
static __u64 (*ktime_ns)(void) = (void *)BPF_FUNC_ktime_get_ns;
static long (*load_bytes)(const void *skb, __u32 offset, void *to, __u32 length) = (void *)BPF_FUNC_skb_load_bytes;
static long (*pull_data)(struct __sk_buff *skb, __u32 length) = (void *)BPF_FUNC_skb_pull_data;
static long (*l4_csum_replace)(struct __sk_buff *skb, __u32 offset, __u64 from, __u64 to, __u64 flags) =
    (void *)BPF_FUNC_l4_csum_replace;
static long (*redirect_neigh)(__u32 ifindex, struct bpf_redir_neigh *hop, int length, __u64 flags) =
    (void *)BPF_FUNC_redirect_neigh;

struct map_definition { __u32 type, key_size, value_size, max_entries, flags; };

// Who has a flow: nobody is touching it and the kernel relays it; a program is at work on it; userspace has it.
enum { OWNER_KERNEL = 0, OWNER_BUSY = 1, OWNER_USER = 2 };

// One direction of a call, found by the local port that its packets come to. 320 bytes, see FlowEntry.cs.
struct flow {
  __u32 owner;
  __u32 version;  // odd while a program writes
  __u32 family;   // 4 or 6
  __u16 remote_port, local_port;  // these and all addresses in network order, IPv4 in the first four bytes
  __u32 remote[4], local[4];
  __u32 out_source[4], out_target[4];
  __u16 out_source_port, out_target_port;
  __u32 ifindex;
  __u32 next_hop[4];
  __u32 next_hop_family;  // AF_INET or AF_INET6
  __u32 address_delta;    // ones' complement sum of the new addresses less the old ones
  __u32 port_delta;
  __u32 clock_hz;
  // RtpReceiveStats, continued where userspace left it.
  __u64 packets, bytes, reordered, duplicates;
  __u64 seen_bits, span_expected, span_distinct, earlier_expected, earlier_lost;
  __s64 first_ms, last_ms, gap_ms_max;
  __u64 relayed, relayed_bytes;
  __u32 restarts, ssrc, bad_sequence, last_timestamp, last_transit, jitter_clock_hz, jitter_times16;
  __u16 max_sequence;
  __u8 started, has_transit;
  __u64 jitter_us_sum;
  __u32 jitter_us_max, jitter_samples, long_gaps, not_used;
  __u8 reserved[32];
};

_Static_assert(sizeof(struct flow) == 320, "FlowEntry.cs has 320 bytes");

// Where the flow of a local port stands in the table; written once, before the program is attached.
struct settings {
  __u32 first_port;
  __u32 pair_count;  // of one IP version
  __u32 first_of_ipv4, first_of_ipv6;  // at or above the table's size: this version is not bound
};

struct map_definition SEC("maps") flows = { BPF_MAP_TYPE_ARRAY, 4, sizeof(struct flow), 1, BPF_F_MMAPABLE };
struct map_definition SEC("maps") settings = { BPF_MAP_TYPE_ARRAY, 4, sizeof(struct settings), 1, BPF_F_MMAPABLE };

#define RTP_BYTES_MIN 12
#define IP_BYTES_MAX 1280  // any link takes this; longer packets go up, where the stack fragments
#define DROPOUT_MAX 3000
#define MISORDER_MAX 100
#define LONG_GAP_MS 60
#define NO_BAD_SEQUENCE 0x10001u
#define LOCK_TRIES 16

struct rtp { __u8 first, second; __u16 sequence; __u32 timestamp, ssrc; };

INLINE struct flow *flow_of(__u16 port_be, int is_ipv4) {
  __u32 zero = 0, index;
  __u16 port = swap16(port_be);
  struct settings *set = map_lookup(&settings, &zero);
  if (!set || (port & 1) || port < set->first_port) return 0;
  index = (port - set->first_port) / 2;
  if (index >= set->pair_count) return 0;
  index += is_ipv4 ? set->first_of_ipv4 : set->first_of_ipv6;
  return map_lookup(&flows, &index);
}

// False when userspace has the flow, or another processor has it for too long.
INLINE int take(struct flow *flow) {
  for (int i = 0; i < LOCK_TRIES; i++) {
    __u32 owner = __sync_val_compare_and_swap(&flow->owner, OWNER_KERNEL, OWNER_BUSY);
    if (owner == OWNER_KERNEL) return 1;
    if (owner == OWNER_USER) return 0;
  }
  return 0;
}

INLINE void give_back(struct flow *flow) {
  barrier();
  (void)__sync_lock_test_and_set(&flow->owner, OWNER_KERNEL);
}

INLINE void begin_span(struct flow *f, const struct rtp *rtp) {
  if (f->started) {
    f->restarts++;
    __u64 distinct = f->span_distinct < f->span_expected ? f->span_distinct : f->span_expected;
    f->earlier_lost += f->span_expected - distinct;
    f->earlier_expected += f->span_expected;
  }
  f->started = 1;
  f->ssrc = rtp->ssrc;
  f->max_sequence = rtp->sequence;
  f->bad_sequence = NO_BAD_SEQUENCE;
  f->seen_bits = 1;
  f->span_expected = 1;
  f->span_distinct = 1;
}

INLINE void add_late(struct flow *f, __u32 behind) {
  __u64 bit = behind < 64 ? 1ull << behind : 0;
  if (f->seen_bits & bit) {
    bump(f->duplicates);
    return;
  }
  bump(f->reordered);
  f->seen_bits |= bit;
  if (behind < f->span_expected) f->span_distinct++;
}

// RFC 3550 appendix A.1 and A.3.
INLINE void add_sequence(struct flow *f, const struct rtp *rtp) {
  __u16 ahead = rtp->sequence - f->max_sequence;
  if (ahead == 0) {
    bump(f->duplicates);
  } else if (ahead < DROPOUT_MAX) {
    f->seen_bits = ahead < 64 ? (f->seen_bits << ahead) | 1 : 1;
    f->max_sequence = rtp->sequence;
    f->span_expected += ahead;
    f->span_distinct++;
    f->bad_sequence = NO_BAD_SEQUENCE;
  } else if (ahead > 0x10000 - MISORDER_MAX) {
    add_late(f, 0x10000 - ahead);
  } else if (rtp->sequence == f->bad_sequence) {
    begin_span(f, rtp);
    f->has_transit = 0;
  } else {
    f->bad_sequence = (__u16)(rtp->sequence + 1);
  }
}

// RFC 3550 appendix A.8; packets that share a timestamp say nothing of jitter.
INLINE void add_transit(struct flow *f, __u32 timestamp, __u64 now_ms) {
  __u32 clock_hz = f->clock_hz;
  if (clock_hz == 0 || (f->has_transit && timestamp == f->last_timestamp)) return;
  if (clock_hz != f->jitter_clock_hz) {
    f->jitter_times16 = 0;
    f->jitter_clock_hz = clock_hz;
    f->has_transit = 0;
  }
  __u32 transit = (__u32)(now_ms * clock_hz / 1000) - timestamp;
  if (f->has_transit) {
    __u32 difference = transit - f->last_transit;
    __u64 distance = difference < 0x80000000u ? difference : -difference;
    if (distance > 0x7fffffffu) distance = 0x7fffffffu;
    __u64 jitter = f->jitter_times16;
    jitter += distance - ((jitter + 8) >> 4);
    f->jitter_times16 = jitter < 0xffffffffu ? jitter : 0xffffffffu;
    __u64 jitter_us = (__u64)f->jitter_times16 * 62500 / clock_hz;
    if (jitter_us > 0xffffffffu) jitter_us = 0xffffffffu;
    f->jitter_us_sum += jitter_us;
    f->jitter_samples++;
    if (jitter_us > f->jitter_us_max) f->jitter_us_max = jitter_us;
  }
  f->has_transit = 1;
  f->last_transit = transit;
  f->last_timestamp = timestamp;
}

INLINE void measure(struct flow *f, const struct rtp *rtp, __u32 bytes) {
  __s64 now_ms = ktime_ns() / 1000000;
  __s64 gap_ms = now_ms - f->last_ms;
  f->version++;
  barrier();
  if (f->packets == 0) {
    f->first_ms = now_ms;
  } else {
    if (gap_ms > f->gap_ms_max) f->gap_ms_max = gap_ms;
    if (gap_ms > LONG_GAP_MS) f->long_gaps++;
  }
  f->last_ms = now_ms;
  f->packets++;
  f->bytes += bytes;
  if (!f->started || rtp->ssrc != f->ssrc) {
    begin_span(f, rtp);
    f->has_transit = 0;
  } else {
    add_sequence(f, rtp);
  }
  add_transit(f, rtp->timestamp, now_ms);
  f->relayed++;
  f->relayed_bytes += bytes;
  barrier();
  f->version++;
}

// Whole RTP by its header, as RtpHeader.Parse and MediaDemux.Classify see it; the rest goes up.
INLINE int read_rtp(struct __sk_buff *skb, __u32 offset, __u32 bytes, struct rtp *rtp) {
  __u8 packet[RTP_BYTES_MIN];
  if (bytes < RTP_BYTES_MIN || load_bytes(skb, offset, packet, sizeof packet)) return 0;
  if (packet[0] >> 6 != 2 || (packet[1] >= 192 && packet[1] <= 223)) return 0;
  __u32 length = RTP_BYTES_MIN + (packet[0] & 0x0f) * 4;
  if (packet[0] & 0x10) {
    __u8 extension[4];
    if (bytes < length + 4 || load_bytes(skb, offset + length, extension, sizeof extension)) return 0;
    length += 4 + ((extension[2] << 8) | extension[3]) * 4;
  }
  if (bytes < length) return 0;
  rtp->sequence = (__u16)packet[2] << 8 | packet[3];
  rtp->timestamp = (__u32)packet[4] << 24 | (__u32)packet[5] << 16 | (__u32)packet[6] << 8 | packet[7];
  rtp->ssrc = (__u32)packet[8] << 24 | (__u32)packet[9] << 16 | (__u32)packet[10] << 8 | packet[11];
  return 1;
}

struct verdict { __u32 ifindex, address_delta, port_delta; struct bpf_redir_neigh hop; };

INLINE void copy_verdict(const struct flow *flow, struct verdict *out) {
  out->ifindex = flow->ifindex;
  out->address_delta = flow->address_delta;
  out->port_delta = flow->port_delta;
  out->hop.nh_family = flow->next_hop_family;
  for (int i = 0; i < 4; i++) out->hop.ipv6_nh[i] = flow->next_hop[i];
}

// A field of zero (IPv4 without checksum) stays zero. Addresses are in the pseudo header, ports are not: a checksum
// that the sender's device was to fill in (CHECKSUM_PARTIAL) must learn of the first alone.
INLINE void fix_checksum(struct __sk_buff *skb, __u32 offset, const struct verdict *out, __u64 ipv6_flag) {
  __u64 flags = BPF_F_PSEUDO_HDR | BPF_F_MARK_MANGLED_0;
  if (l4_csum_replace(skb, offset, 0, out->address_delta, flags | ipv6_flag) < 0 && ipv6_flag)
    l4_csum_replace(skb, offset, 0, out->address_delta, flags);  // kernels before 6.16 do not know the flag
  l4_csum_replace(skb, offset, 0, out->port_delta, BPF_F_MARK_MANGLED_0);
}

#define UDP_CHECK_OFFSET 6
#define IPV6_FLAG (1ull << 7)

INLINE int send_on(struct verdict *out) {
  return redirect_neigh(out->ifindex, &out->hop, sizeof out->hop, 0);
}

INLINE int relay_ipv4(struct __sk_buff *skb) {
  const __u32 udp_at = ETH_HLEN + sizeof(struct iphdr), rtp_at = udp_at + sizeof(struct udphdr);
  void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
  if (data + rtp_at > end) return UP;
  struct iphdr *ip = data + ETH_HLEN;
  struct udphdr *udp = data + udp_at;
  __u32 bytes = swap16(ip->tot_len);
  if (*(__u8 *)ip != 0x45 || ip->protocol != IPPROTO_UDP || (ip->frag_off & swap16(0x3fff)) || ip->ttl <= 1) return UP;
  if (bytes > IP_BYTES_MAX || bytes < 28 || bytes + ETH_HLEN > skb->len || swap16(udp->len) != bytes - 20) return UP;
  bytes -= 28;
  struct flow *flow = flow_of(udp->dest, 1);
  struct rtp rtp;
  struct verdict out;
  if (!flow || flow->owner == OWNER_USER || !read_rtp(skb, rtp_at, bytes, &rtp) || !take(flow)) return UP;
  if (flow->family != 4 || ip->saddr != flow->remote[0] || ip->daddr != flow->local[0]
      || udp->source != flow->remote_port || udp->dest != flow->local_port) {
    give_back(flow);
    return UP;
  }
  measure(flow, &rtp, bytes);
  copy_verdict(flow, &out);
  ip->saddr = flow->out_source[0];
  ip->daddr = flow->out_target[0];
  udp->source = flow->out_source_port;
  udp->dest = flow->out_target_port;
  give_back(flow);
  // RFC 1624: the new header checksum from the old one, of the fields that change. TTL is the high byte of its word
  // on the wire, the type of service the low one.
  __u32 sum = (__u16)~ip->check + out.address_delta;
  sum += (__u16)~((__u16)ip->ttl | (__u16)ip->protocol << 8) + ((__u16)(ip->ttl - 1) | (__u16)ip->protocol << 8);
  sum += (__u16)~(0x45 | (__u16)ip->tos << 8) + 0x45;
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  ip->check = ~sum;
  ip->ttl--;
  ip->tos = 0;
  fix_checksum(skb, udp_at + UDP_CHECK_OFFSET, &out, 0);
  return send_on(&out);
}

INLINE int is_same(const __u32 *a, const __u32 *b) {
  return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

INLINE int relay_ipv6(struct __sk_buff *skb) {
  const __u32 udp_at = ETH_HLEN + sizeof(struct ipv6hdr), rtp_at = udp_at + sizeof(struct udphdr);
  void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
  if (data + rtp_at > end) return UP;
  struct ipv6hdr *ip = data + ETH_HLEN;
  struct udphdr *udp = data + udp_at;
  __u32 bytes = swap16(ip->payload_len);
  if (*(__u8 *)ip >> 4 != 6 || ip->nexthdr != IPPROTO_UDP || ip->hop_limit <= 1) return UP;
  if (bytes > IP_BYTES_MAX - 40 || bytes < 8 || bytes + 40 + ETH_HLEN > skb->len) return UP;
  if (swap16(udp->len) != bytes) return UP;
  bytes -= 8;
  struct flow *flow = flow_of(udp->dest, 0);
  struct rtp rtp;
  struct verdict out;
  if (!flow || flow->owner == OWNER_USER || !read_rtp(skb, rtp_at, bytes, &rtp) || !take(flow)) return UP;
  if (flow->family != 6 || !is_same(ip->saddr.in6_u.u6_addr32, flow->remote)
      || !is_same(ip->daddr.in6_u.u6_addr32, flow->local)
      || udp->source != flow->remote_port || udp->dest != flow->local_port) {
    give_back(flow);
    return UP;
  }
  measure(flow, &rtp, bytes);
  copy_verdict(flow, &out);
  for (int i = 0; i < 4; i++) {
    ip->saddr.in6_u.u6_addr32[i] = flow->out_source[i];
    ip->daddr.in6_u.u6_addr32[i] = flow->out_target[i];
  }
  udp->source = flow->out_source_port;
  udp->dest = flow->out_target_port;
  give_back(flow);
  *(__u32 *)ip = 0x60;  // no traffic class, no flow label
  ip->hop_limit--;
  fix_checksum(skb, udp_at + UDP_CHECK_OFFSET, &out, IPV6_FLAG);
  return send_on(&out);
}

INLINE void make_linear(struct __sk_buff *skb, __u32 bytes) {
  if ((void *)(long)skb->data + bytes > (void *)(long)skb->data_end) pull_data(skb, bytes);
}

SEC("tcx/ingress") int relay(struct __sk_buff *skb) {
  // Not for this machine, of a VLAN below this interface, or several datagrams in one.
  if (skb->pkt_type != 0 || skb->vlan_present || skb->gso_size) return UP;
  if (skb->protocol == swap16(ETH_P_IP)) {
    make_linear(skb, ETH_HLEN + sizeof(struct iphdr) + sizeof(struct udphdr));
    return relay_ipv4(skb);
  }
  if (skb->protocol == swap16(ETH_P_IPV6)) {
    make_linear(skb, ETH_HLEN + sizeof(struct ipv6hdr) + sizeof(struct udphdr));
    return relay_ipv6(skb);
  }
  return UP;
}

// No helper above asks for the GPL.
char terms[] SEC("license") = "Proprietary";
