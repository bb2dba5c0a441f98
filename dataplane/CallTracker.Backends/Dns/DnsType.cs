namespace CallTracker.Backends.Dns;

/// <summary>The record types that locating a SIP server needs, by their numbers on the wire.</summary>
internal enum DnsType : ushort
{
    A = 1,
    Cname = 5,
    Aaaa = 28,
    /// <summary>RFC 2782.</summary>
    Srv = 33,
    /// <summary>RFC 3403.</summary>
    Naptr = 35,
}
