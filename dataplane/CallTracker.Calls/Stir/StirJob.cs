using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;

namespace CallTracker.Calls.Stir;

/// <summary>
/// One question to the STIR service and its answer, with a buffer of fixed size. Lent by a worker's
/// <see cref="StirDesk"/>; it belongs to the service from the posting until it comes back through the mailbox, so that
/// no two threads ever touch it at once.
/// </summary>
public sealed class StirJob
{
    /// <summary>Bytes of Identity, Date and Call-ID kept; a call that brings more is not verified.</summary>
    public const int TextLengthMax = 8192;
    /// <summary>Identity header fields looked at; a call that brings more is not verified.</summary>
    public const int IdentityCountMax = 6;
    private readonly byte[] _text = new byte[TextLengthMax];
    private readonly int[] _ends = new int[IdentityCountMax + 2];
    private int _pieceCount;
    private volatile bool _isLost;

    public StirJobKind Kind { get; private set; }

    /// <summary>The worker that asked.</summary>
    public byte Worker { get; private set; }

    /// <summary>The caller as the network knows it: P-Asserted-Identity, or From without one.</summary>
    public PhoneNumber Caller { get; set; }

    /// <summary>The number of the Request-URI; for signing the number that is dialled.</summary>
    public PhoneNumber Called { get; set; }

    /// <summary>The number of the To header.</summary>
    public PhoneNumber To { get; set; }

    /// <summary>The number that diverts the call; for <see cref="StirJobKind.SignDiversion"/>.</summary>
    public PhoneNumber Diverting { get; set; }

    /// <summary>What is attested; for <see cref="StirJobKind.SignShaken"/>.</summary>
    public Attestation Attest { get; set; }

    /// <summary>Where the call entered, for the origid of a PASSporT.</summary>
    public string Origin { get; set; } = "";

    /// <summary>Unix milliseconds of the question.</summary>
    public long UnixMs { get; private set; }

    /// <summary>The answer to <see cref="StirJobKind.Verify"/>.</summary>
    public StirVerdict Verdict { get; set; }

    /// <summary>The Identity value; empty when it could not be signed.</summary>
    public ReadOnlySpan<byte> Signature => Piece(0);

    public ReadOnlySpan<byte> Date => Piece(0);

    public ReadOnlySpan<byte> CallId => Piece(1);

    public int IdentityCount => Math.Max(0, _pieceCount - 2);

    internal CallRef Call { get; private set; }

    internal bool IsLost => _isLost;

    public ReadOnlySpan<byte> Identity(int index) => Piece(index + 2);

    /// <summary>The service could not give it back (full mailbox): the desk may lend it again.</summary>
    public void MarkLost() => _isLost = true;

    /// <summary>Makes the object ready for another question.</summary>
    /// <param name="kind">What is asked.</param>
    /// <param name="worker">Who asks.</param>
    /// <param name="unixMs">When.</param>
    public void Begin(StirJobKind kind, byte worker, long unixMs)
    {
        (Kind, Worker, UnixMs, _pieceCount, _isLost) = (kind, worker, unixMs, 0, false);
        (Caller, Called, To, Diverting) = (default, default, default, default);
        (Attest, Origin, Verdict) = (default, "", default);
    }

    internal void Begin(StirJobKind kind, byte worker, long unixMs, CallRef call)
    {
        Begin(kind, worker, unixMs);
        Call = call;
    }

    /// <summary>
    /// Adds the next piece: for verification Date, Call-ID, then each Identity; for a signature the one value. False
    /// when it does not fit.
    /// </summary>
    public bool TryAdd(ReadOnlySpan<byte> piece)
    {
        var start = _pieceCount == 0 ? 0 : _ends[_pieceCount - 1];
        if (_pieceCount == _ends.Length || !piece.TryCopyTo(_text.AsSpan(start))) return false;
        _ends[_pieceCount++] = start + piece.Length;
        return true;
    }

    private ReadOnlySpan<byte> Piece(int index)
    {
        if ((uint)index >= (uint)_pieceCount) return default;
        var start = index == 0 ? 0 : _ends[index - 1];
        return _text.AsSpan(start, _ends[index] - start);
    }
}
