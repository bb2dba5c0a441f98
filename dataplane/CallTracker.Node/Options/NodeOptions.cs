using System.Net;
using System.Text;
using CallTracker.Backends.Stir;
using CallTracker.Calls.Access;
using CallTracker.Calls.Ringback;
using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Transcoding;

namespace CallTracker.Node.Options;

/// <summary>
/// The node's settings from the environment (ARCHITECTURE.md section 8). Read once at start; a bad value ends it.
/// </summary>
internal sealed record NodeOptions
{
    public required string RunDirectory { get; init; }
    public required TransportOptions Transport { get; init; }
    public required int SipPort { get; init; }
    public required int RtpPortFirst { get; init; }
    public required int RtpPortLast { get; init; }
    public required int HttpPort { get; init; }
    public required string Redis { get; init; }
    public required Uri ClickHouse { get; init; }
    public required int Workers { get; init; }
    /// <summary>True: the first worker takes all new calls while it is enough for them.</summary>
    public required bool GathersCalls { get; init; }
    /// <summary>DNS servers for trunks given by name; empty for those of the machine.</summary>
    public required string Dns { get; init; }
    public required string NodeId { get; init; }
    /// <summary>Seconds a drain may take before the remaining calls are ended.</summary>
    public required int DrainSecMax { get; init; }
    public required TraceOptions Trace { get; init; }
    public required RecordingOptions Recording { get; init; }

    /// <summary>The longest session interval (RFC 4028) on any trunk, in seconds.</summary>
    public required int SessionSecMax { get; init; }

    /// <summary>The first address.</summary>
    public IPAddress Bind => Transport.Binds[0];
    /// <summary>The wait of messages above which new calls are refused, in milliseconds; 0: never.</summary>
    public required int OverloadMs { get; init; }

    public required StirOptions Stir { get; init; }
    /// <summary>How long a call waits for the verification of its caller.</summary>
    public required int StirMsMax { get; init; }
    public RingbackMode Ringback { get; init; }
    /// <summary>How long a side of a running call may send nothing, how many calls are converted.</summary>
    public required MediaSettings Media { get; init; }
    public required FastPathOptions FastPath { get; init; }
    public IoMode Io { get; init; }
    /// <summary>The workers' threads go before all threads of the usual priority.</summary>
    public bool IsRealTime { get; init; }
    /// <summary>Folder of the WAV files that can be played.</summary>
    public required string PromptFolder { get; init; }
    /// <summary>What those may take in memory.</summary>
    public required long PromptBytesMax { get; init; }

    /// <summary>The realm of those who have none of their own.</summary>
    public required string Realm { get; init; }
    /// <summary>The algorithms challenged with: md5, sha256 or both.</summary>
    public required string Digest { get; init; }

    public IpEndpoint SipEndpoint => IpEndpoint.From(Bind, SipPort);

    /// <summary>What the workers share about who may come in.</summary>
    public NodeAccess ToAccess() => new()
    {
        Realm = Encoding.ASCII.GetBytes(Realm),
        OffersSha256 = Digest is "sha256" or "both",
        OffersMd5 = Digest is "md5" or "both",
        WorkerCount = Workers,
    };

    /// <summary>Of the other IP version; unspecified where there is only one.</summary>
    public IpEndpoint SecondSipEndpoint =>
        Transport.Binds.Count > 1 ? IpEndpoint.From(Transport.Binds[1], SipPort) : default;

    public static NodeOptions FromEnvironment() => From(new EnvironmentReader(Environment.GetEnvironmentVariable));

    public static NodeOptions From(EnvironmentReader read)
    {
        var nodeId = read.Text("CALLTRACKER_NODE_ID", "node1");
        var (first, last) = read.Ports("CALLTRACKER_RTP_PORTS", 20000, 29999);
        var runDirectory = Path.GetFullPath(read.Text("CALLTRACKER_RUN_DIR", ".run"));
        var stirMsMax = read.Number("CALLTRACKER_STIR_MS", 1500, 100, 10_000);
        return new NodeOptions
        {
            RunDirectory = runDirectory,
            Transport = TransportOptions.From(read),
            SipPort = read.Port("CALLTRACKER_SIP_PORT", 5060),
            RtpPortFirst = first,
            RtpPortLast = last,
            HttpPort = read.Port("CALLTRACKER_NODE_PORT", 8081),
            Redis = read.Text("CALLTRACKER_REDIS", $"127.0.0.1:{read.Port("CALLTRACKER_REDIS_PORT", 6380)}"),
            ClickHouse = read.Url("CALLTRACKER_CLICKHOUSE_URL", read.Port("CALLTRACKER_CLICKHOUSE_PORT", 8123)),
            Workers = read.Number("CALLTRACKER_WORKERS", Math.Clamp(Environment.ProcessorCount, 1, 64), 1, 64),
            GathersCalls = read.Choice("CALLTRACKER_SPREAD", "auto", "always") == "auto",
            StirMsMax = stirMsMax,
            Stir = StirOf(read, stirMsMax),
            Media = new MediaSettings
            {
                SilenceMsMax = read.Number("CALLTRACKER_MEDIA_SILENCE_SEC", 60, 0, 86_400) * 1000,
                HoldMsMax = read.Number("CALLTRACKER_HOLD_SEC", 1800, 0, 86_400) * 1000,
                FirstPacketMsMax = read.Number("CALLTRACKER_MEDIA_FIRST_SEC", 0, 0, 86_400) * 1000,
                Transcodes = new TranscodeBudget(read.Number("CALLTRACKER_TRANSCODE_MAX", 100, 0, 100_000)),
            },
            Ringback = read.Text("CALLTRACKER_RINGBACK", "auto") switch
            {
                "auto" => RingbackMode.Auto,
                "off" => RingbackMode.Off,
                _ => throw new OptionException("CALLTRACKER_RINGBACK must be auto or off."),
            },
            FastPath = FastPathOptions.From(read),
            Io = read.Choice("CALLTRACKER_IO", "auto", "epoll", "uring") switch
            {
                "epoll" => IoMode.Epoll,
                "uring" => IoMode.Uring,
                _ => IoMode.Auto,
            },
            IsRealTime = read.Choice("CALLTRACKER_PRIORITY", "normal", "realtime") == "realtime",
            PromptFolder = read.Path("CALLTRACKER_PROMPTS") ?? Path.Combine(runDirectory, "prompts"),
            PromptBytesMax = (long)read.Number("CALLTRACKER_PROMPT_MB", 256, 1, 16_384) << 20,
            Realm = read.Word("CALLTRACKER_REALM", "calltracker"),
            Digest = read.Choice("CALLTRACKER_DIGEST", "md5", "sha256", "both"),
            Dns = read.Endpoints("CALLTRACKER_DNS"),
            NodeId = nodeId,
            OverloadMs = read.Number("CALLTRACKER_OVERLOAD_MS", 50, 0, 10_000),
            DrainSecMax = read.Number("CALLTRACKER_DRAIN_SEC", 7200, 0, 86400),
            SessionSecMax = read.Number("CALLTRACKER_SESSION_SEC", 86400, 2, 86400),
            Trace = TraceOptions.From(read, nodeId),
            Recording = RecordingOptions.From(read, nodeId),
        };
    }
    // A fetch ends while the call still waits, so that the record says why it was not verified.
    private static StirOptions StirOf(EnvironmentReader read, int limitMs) => new()
    {
        FetchMsMax = limitMs * 2 / 3,
        AnchorFolder = read.Path("CALLTRACKER_STIR_CA"),
        KeyFile = read.Path("CALLTRACKER_STIR_KEY"),
        CertificateUrl = read.OptionalUrl("CALLTRACKER_STIR_X5U"),
        AllowsLoopback = read.Number("CALLTRACKER_STIR_TEST_HTTP", 0, 0, 1) == 1,
    };
}
