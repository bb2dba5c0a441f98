namespace CallTracker.Sip.Parsing;

/// <summary>
/// Where the parts of a message's first Via are, so that it is read once however often it is asked for.
/// </summary>
internal struct SipViaParts
{
    public SipRange Version;
    public SipRange Host;
    public SipRange Parameters;
    public SipRange Branch;
    public SipTransportKind Transport;
    public ushort Port;
    public bool IsIpv6Reference;
    public bool IsWellFormed;
    public bool IsReadable;
}
