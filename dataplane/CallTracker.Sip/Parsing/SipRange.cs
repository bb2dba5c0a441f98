namespace CallTracker.Sip.Parsing;

/// <summary>A piece of a message, relative to its first byte; messages are at most 65,535 bytes long.</summary>
internal readonly record struct SipRange(ushort Start, ushort Length)
{
    public SipRange(int start, int length)
        : this((ushort)start, (ushort)length)
    {
    }

    public int End => Start + Length;
}
