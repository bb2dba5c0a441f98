using System.Net;

namespace CallTracker.Backends.Dns;

/// <summary>One resource record, as far as its type is known. Immutable.</summary>
/// <param name="Owner">The name it belongs to, in lower case, without the final dot.</param>
/// <param name="Type">What it is.</param>
/// <param name="TtlSec">How long it holds.</param>
internal sealed record DnsRecord(string Owner, DnsType Type, int TtlSec)
{
    /// <summary>Of A and AAAA.</summary>
    public IPAddress? Address { get; init; }
    /// <summary>Of CNAME, SRV (target) and NAPTR (replacement); empty for the root.</summary>
    public string Target { get; init; } = "";
    /// <summary>Of SRV (priority) and NAPTR (order): lower first.</summary>
    public int Order { get; init; }
    /// <summary>Of SRV (weight) and NAPTR (preference).</summary>
    public int Share { get; init; }
    /// <summary>Of SRV.</summary>
    public int Port { get; init; }
    /// <summary>Of NAPTR, in lower case.</summary>
    public string Flags { get; init; } = "";
    /// <summary>Of NAPTR, in lower case, as <c>sip+d2u</c>.</summary>
    public string Service { get; init; } = "";
}
