namespace CallTracker.Sip.Parsing;

/// <summary>One header value in the table of a <see cref="SipMessage"/>: 10 bytes, pointing into the message.</summary>
internal struct SipHeaderEntry
{
    public SipHeaderKind Kind;

    /// <summary>Index of the next value of the same kind plus one; 0 ends the chain.</summary>
    public byte Next;
    public SipRange Name;
    public SipRange Value;
}
