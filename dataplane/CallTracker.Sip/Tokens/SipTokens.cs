using System.Buffers;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Tokens;

/// <summary>
/// Makes branches, tags and Call-IDs: unique, unguessable as long as the seed is secret (a keyed hash of a counter),
/// and with the worker's number inside, so that any worker knows whose message it holds. Owned by one worker thread.
/// </summary>
/// <param name="workerNumber">0 to 255.</param>
/// <param name="seed">From a cryptographic source, once per start.</param>
public sealed class SipTokens(byte workerNumber, ulong seed)
{
    /// <summary>Bytes of a branch: cookie, two digits of the worker, sixteen of the mix.</summary>
    public const int BranchLength = 25;

    /// <summary>Bytes of a tag: mark, two digits of the worker, sixteen of the mix.</summary>
    public const int TagLength = 20;

    /// <summary>Bytes of a Call-ID: mark, two digits of the worker, two mixes of sixteen.</summary>
    public const int CallIdLength = 36;

    /// <summary>Bytes of the user part of our Contact: mark, two digits of the worker.</summary>
    public const int UserLength = 4;
    private const int MixLength = 16;
    private static readonly SearchValues<byte> Lower = SearchValues.Create("0123456789abcdef"u8);
    private readonly SipHash _hash = new(seed ^ ((ulong)workerNumber << 56));
    private ulong _counter;

    /// <summary>Tells our tags and Call-IDs from those of others.</summary>
    private static ReadOnlySpan<byte> Mark => "ct"u8;

    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    // branch = "z9hG4bK" 2HEXDIG 16HEXDIG
    public ReadOnlySpan<byte> WriteBranch(Span<byte> destination) => Write(SipViaView.MagicCookie, 1, destination);

    // tag = "ct" 2HEXDIG 16HEXDIG
    public ReadOnlySpan<byte> WriteTag(Span<byte> destination) => Write(Mark, 1, destination);

    /// <summary>The tag that belongs to a number: the same each time, for answers that keep no state.</summary>
    public ReadOnlySpan<byte> WriteTag(Span<byte> destination, ulong number)
    {
        var length = WritePrefix(Mark, destination);
        return destination[..WriteMix(_hash.Hash(number, 1), destination, length)];
    }

    /// <summary>A number that nobody can guess, for RSeq and for waits that must differ between peers.</summary>
    public uint NextNumber() => (uint)_hash.Hash(++_counter);

    // Call-ID = "ct" 2HEXDIG 32HEXDIG; without a host, which would tell the inside address
    public ReadOnlySpan<byte> WriteCallId(Span<byte> destination) => Write(Mark, 2, destination);

    // user = "ct" 2HEXDIG; tells the worker and nothing else, and is the same in each Contact
    public ReadOnlySpan<byte> WriteUser(Span<byte> destination) => destination[..WritePrefix(Mark, destination)];

    /// <summary>The worker that made a branch, tag or Call-ID; false when this product did not make it.</summary>
    public static bool TryReadWorker(ReadOnlySpan<byte> text, out byte worker)
    {
        worker = 0;
        var isBranch = text.Length == BranchLength && text.StartsWith(SipViaView.MagicCookie);
        var isOther = text.Length is TagLength or CallIdLength && text.StartsWith(Mark);
        if (!isBranch && !isOther) return false;
        var rest = text[(isBranch ? SipViaView.MagicCookie : Mark).Length..];
        if (rest.IndexOfAnyExcept(Lower) >= 0) return false;
        worker = (byte)((SipChars.HexValue(rest[0]) << 4) | SipChars.HexValue(rest[1]));
        return true;
    }

    private ReadOnlySpan<byte> Write(ReadOnlySpan<byte> prefix, int mixCount, Span<byte> destination)
    {
        var length = WritePrefix(prefix, destination);
        for (var i = 0; i < mixCount; i++) length = WriteMix(_hash.Hash(++_counter), destination, length);
        return destination[..length];
    }

    private int WritePrefix(ReadOnlySpan<byte> prefix, Span<byte> destination)
    {
        prefix.CopyTo(destination);
        destination[prefix.Length] = HexDigits[workerNumber >> 4];
        destination[prefix.Length + 1] = HexDigits[workerNumber & 15];
        return prefix.Length + 2;
    }

    private static int WriteMix(ulong mix, Span<byte> destination, int length)
    {
        for (var digit = 0; digit < MixLength; digit++)
            destination[length++] = HexDigits[(int)(mix >> (60 - (4 * digit))) & 15];
        return length;
    }
}
