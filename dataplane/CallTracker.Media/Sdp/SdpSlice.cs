namespace CallTracker.Media.Sdp;

/// <summary>A piece of the SDP's bytes, by place.</summary>
internal readonly record struct SdpSlice(int Offset, int Length)
{
    public int End => Offset + Length;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text) => text.Slice(Offset, Length);
}
