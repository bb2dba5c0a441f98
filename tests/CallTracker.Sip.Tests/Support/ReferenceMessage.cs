namespace CallTracker.Sip.Tests.Support;

/// <summary>What the slow <see cref="ReferenceParser"/> makes of a message that it accepts.</summary>
internal sealed record ReferenceMessage(
    string Method, string Uri, int Code, string Body, string FromTag, string ToTag, long CSeq, string CSeqMethod)
{
    public List<(string Name, string Value)> Headers { get; init; } = [];
}
