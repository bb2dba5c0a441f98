namespace CallTracker.Sip.Parsing;

/// <summary>One header value while walking over a message: kind, name as written, trimmed value. A view.</summary>
public readonly ref struct SipHeaderView(SipHeaderKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
{
    public SipHeaderKind Kind { get; } = kind;

    /// <summary>The name as written, possibly compact.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Value { get; } = value;
}
