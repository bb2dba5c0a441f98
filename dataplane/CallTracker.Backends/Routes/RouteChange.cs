using System.Globalization;

namespace CallTracker.Backends.Routes;

/// <summary>One change as the control plane tells it.</summary>
/// <param name="Sequence">The change sequence.</param>
/// <param name="Kind">What changed: <see cref="Route"/>, <see cref="Trunk"/> or something this build does not
/// know.</param>
/// <param name="Key">Number or trunk id.</param>
internal readonly record struct RouteChange(ulong Sequence, string Kind, string Key)
{
    public const string Route = "route";
    public const string Trunk = "trunk";

    // message: 1234 route 0120000001
    public static bool TryParse(string message, out RouteChange change)
    {
        change = default;
        var first = message.IndexOf(' ', StringComparison.Ordinal);
        var second = first < 0 ? -1 : message.IndexOf(' ', first + 1);
        if (second < 0 || !TryParseSequence(message.AsSpan(0, first), out var sequence)) return false;
        change = new RouteChange(sequence, message[(first + 1)..second], message[(second + 1)..]);
        return true;
    }

    // stream id: 1234-0
    public static bool TryParseId(string id, out ulong sequence)
    {
        var dash = id.IndexOf('-', StringComparison.Ordinal);
        return TryParseSequence(id.AsSpan(0, dash < 0 ? id.Length : dash), out sequence);
    }

    private static bool TryParseSequence(ReadOnlySpan<char> text, out ulong sequence) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
}
