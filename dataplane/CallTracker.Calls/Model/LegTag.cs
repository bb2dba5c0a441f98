namespace CallTracker.Calls.Model;

/// <summary>
/// The From or To tag of a leg of ours: <c>ct</c>, worker (2 hex digits), side (1), call slot (5), secret (16).
/// Whoever sends
/// it back finds worker, call and leg without a table; the secret makes it unguessable (RFC 3261 section 19.3 asks
/// for 32 bits).
/// </summary>
public static class LegTag
{
    /// <summary>Bytes of a tag.</summary>
    public const int Length = 26;
    /// <summary>Calls a worker can number.</summary>
    public const int SlotsMax = 1 << 19;

    /// <param name="destination">Takes <see cref="Length"/> bytes.</param>
    /// <param name="worker">The worker that owns the call.</param>
    /// <param name="outbound">True for the outbound leg.</param>
    /// <param name="slot">The call's slot.</param>
    /// <param name="secret">Unguessable; the last 16 hex digits of a fresh token are taken.</param>
    public static void Write(
        Span<byte> destination, byte worker, bool outbound, int slot, ReadOnlySpan<byte> secret)
    {
        "ct"u8.CopyTo(destination);
        HexText.Write(worker, destination.Slice(2, 2));
        HexText.Write(outbound ? 1u : 0u, destination.Slice(4, 1));
        HexText.Write((uint)slot, destination.Slice(5, 5));
        secret[^16..].CopyTo(destination[10..]);
    }

    /// <summary>The parts of a tag; false when it is not one of ours by its form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> tag, out byte worker, out bool outbound, out int slot)
    {
        (worker, outbound, slot) = (0, false, 0);
        if (tag.Length != Length || !tag.StartsWith("ct"u8)) return false;
        if (!HexText.TryRead(tag.Slice(2, 2), out var workerPart)) return false;
        if (!HexText.TryRead(tag.Slice(4, 1), out var sidePart) || sidePart > 1) return false;
        if (!HexText.TryRead(tag.Slice(5, 5), out var slotPart)) return false;
        if (!HexText.TryRead(tag.Slice(10, 16), out _)) return false;
        (worker, outbound, slot) = ((byte)workerPart, sidePart == 1, (int)slotPart);
        return true;
    }
}
