namespace CallTracker.Sip.Parsing;

/// <summary>The first line of a message as ranges: a request when <see cref="StatusCode"/> is 0.</summary>
internal struct SipStartLine
{
    public SipMethod Method;
    public SipRange MethodText;
    public SipRange Uri;
    public SipRange Reason;
    public ushort StatusCode;

    /// <summary>True when the line starts like a request, so that an error can be answered.</summary>
    public bool IsRequestLike;
}
