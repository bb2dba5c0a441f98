using CallTracker.Calls.Routing;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>
/// The extensions we speak (RFC 3261 section 19.2), by the trunk's settings: 100rel and timer. Stateless.
/// </summary>
internal static class OptionTags
{
    private static ReadOnlySpan<byte> Reliable => "100rel"u8;

    private static ReadOnlySpan<byte> Timer => "timer"u8;

    /// <summary>The message's sender speaks this extension.</summary>
    public static bool Supports(SipMessage message, ReadOnlySpan<byte> tag) =>
        message.HasToken(SipHeaderKind.Supported, tag) || message.HasToken(SipHeaderKind.Require, tag);

    public static bool SupportsReliable(SipMessage message) => Supports(message, Reliable);

    public static bool SupportsTimer(SipMessage message) => Supports(message, Timer);

    /// <summary>420 when the request requires what this trunk is not given, else 0.</summary>
    public static ushort Check(SipMessage request, Trunk? trunk)
    {
        var none = new SipWriter(default);
        return request.Count(SipHeaderKind.Require) > 0 && ListUnsupported(ref none, request, trunk)
            ? (ushort)420
            : (ushort)0;
    }

    // Unsupported = "Unsupported" HCOLON [option-tag *(COMMA option-tag)]
    public static void WriteUnsupported(ref SipWriter writer, SipMessage request, Trunk? trunk)
    {
        writer.BeginHeader(SipHeaderKind.Unsupported);
        ListUnsupported(ref writer, request, trunk);
        writer.LineEnd();
    }

    // Supported = ( "Supported" / "k" ) HCOLON [option-tag *(COMMA option-tag)]
    public static void WriteSupported(ref SipWriter writer, Trunk? trunk, bool withReliable = true)
    {
        var isReliable = withReliable && IsGiven(Reliable, trunk);
        var isTimed = IsGiven(Timer, trunk);
        if (!isReliable && !isTimed) return;
        writer.BeginHeader(SipHeaderKind.Supported);
        if (isReliable) writer.Raw(Reliable);
        if (isReliable && isTimed) writer.Raw(", "u8);
        if (isTimed) writer.Raw(Timer);
        writer.LineEnd();
    }

    private static bool ListUnsupported(ref SipWriter writer, SipMessage request, Trunk? trunk)
    {
        var any = false;
        for (var i = 0; i < request.Count(SipHeaderKind.Require); i++)
        {
            var list = request.Header(SipHeaderKind.Require, i);
            while (TryTake(ref list, out var tag))
            {
                if (tag.IsEmpty || IsGiven(tag, trunk)) continue;
                if (any) writer.Raw(", "u8);
                writer.Raw(tag);
                any = true;
            }
        }
        return any;
    }

    // A source without a trunk (OPTIONS from a carrier's other address) is told what the product can do.
    private static bool IsGiven(ReadOnlySpan<byte> tag, Trunk? trunk)
    {
        if (SipText.EqualsIgnoreCase(tag, Reliable))
            return trunk is null || trunk.ReliableProvisional != ReliableProvisional.Off;
        return SipText.EqualsIgnoreCase(tag, Timer) && (trunk is null || trunk.SessionExpiresSec > 0);
    }

    private static bool TryTake(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> item)
    {
        item = default;
        if (list.IsEmpty) return false;
        var comma = list.IndexOf((byte)',');
        item = SipText.Trim(comma < 0 ? list : list[..comma]);
        list = comma < 0 ? default : list[(comma + 1)..];
        return true;
    }
}
