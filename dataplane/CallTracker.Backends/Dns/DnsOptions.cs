namespace CallTracker.Backends.Dns;

/// <summary>Bounds and times of DNS. Immutable.</summary>
public sealed record DnsOptions
{
    /// <summary>
    /// Servers as <c>address</c> or <c>address:port</c>, separated by commas; empty: those of /etc/resolv.conf.
    /// </summary>
    public string Servers { get; init; } = "";
    /// <summary>Addresses of names that need no server.</summary>
    public string HostsFile { get; init; } = "/etc/hosts";
    /// <summary>How long one server may take.</summary>
    public int AnswerMsMax { get; init; } = 1_500;
    /// <summary>How often all servers are asked before the question has failed.</summary>
    public int RoundsMax { get; init; } = 2;
    /// <summary>Names asked for at a time.</summary>
    public int AsksMax { get; init; } = 16;
    /// <summary>Answers are asked for again when their TTL is over, but not sooner than this.</summary>
    public int RefreshSecMin { get; init; } = 5;
    /// <summary>… and not later than this.</summary>
    public int RefreshSecMax { get; init; } = 3_600;
    /// <summary>When what failed is asked for again.</summary>
    public int RetrySec { get; init; } = 10;
    /// <summary>Which addresses the node can reach.</summary>
    public bool UsesIpv4 { get; init; } = true;
    /// <summary>Which addresses the node can reach.</summary>
    public bool UsesIpv6 { get; init; }
}
