using System.Buffers.Text;
using CallTracker.Core.Net;

namespace CallTracker.Media.Sdp;

/// <summary>Appends to a fixed destination and remembers when it was too small.</summary>
internal ref struct SdpOutput
{
    private readonly Span<byte> _destination;

    public SdpOutput(Span<byte> destination)
    {
        _destination = destination;
        Length = 0;
        HasOverflowed = false;
        HasConnection = false;
    }

    public int Length { get; private set; }

    public bool HasOverflowed { get; private set; }

    /// <summary>The level being written has its c= line; a second one would mean layered multicast.</summary>
    public bool HasConnection { get; set; }

    public void Append(scoped ReadOnlySpan<byte> text)
    {
        if (HasOverflowed || !text.TryCopyTo(_destination[Length..])) HasOverflowed = true;
        else Length += text.Length;
    }

    public void Append(ulong number)
    {
        var fits = Utf8Formatter.TryFormat(number, _destination[Length..], out var written);
        if (HasOverflowed || !fits) HasOverflowed = true;
        else Length += written;
    }

    // "IN" SP addrtype SP address
    public void AppendAddress(in IpEndpoint address)
    {
        Span<byte> text = stackalloc byte[IpEndpoint.TextLengthMax];
        var length = address.FormatAddress(text);
        Append(address.IsIpv4 ? "IN IP4 "u8 : "IN IP6 "u8);
        Append(text[..length]);
    }

    public void EndLine() => Append("\r\n"u8);
}
