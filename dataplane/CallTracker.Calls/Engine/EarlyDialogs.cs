using CallTracker.Core.Memory;
using CallTracker.Sip.Tokens;

namespace CallTracker.Calls.Engine;

/// <summary>
/// The early dialogs of one attempt. Lent to a call with its first 18x that makes one, and given back with the final
/// response. Owned by the worker.
/// </summary>
internal sealed class EarlyDialogs
{
    /// <summary>
    /// Forks that are told apart; a reliable 18x of one more is not acknowledged, which its sender takes as failure of
    /// that fork alone (RFC 3262 section 3).
    /// </summary>
    public const int CountMax = 6;
    private readonly EarlyDialog[] _dialogs = new EarlyDialog[CountMax];
    private readonly SipHash _hash;
    private int _count;

    /// <param name="seed">Unguessable, so that nobody can choose tags that look alike.</param>
    public EarlyDialogs(ulong seed) => _hash = new SipHash(seed);

    public ref EarlyDialog this[int index] => ref _dialogs[index];

    /// <summary>The early dialog of a To tag, or -1.</summary>
    public int Find(ReadOnlySpan<byte> tag)
    {
        var hash = _hash.Hash(tag);
        for (var i = 0; i < _count; i++)
        {
            if (_dialogs[i].TagHash == hash) return i;
        }
        return -1;
    }

    /// <summary>The early dialog of a To tag, new or known; -1 when there are too many.</summary>
    /// <param name="tag">Of the response.</param>
    /// <param name="inviteCSeq">Where the dialog's own numbers start.</param>
    public int FindOrAdd(ReadOnlySpan<byte> tag, uint inviteCSeq)
    {
        var index = Find(tag);
        if (index >= 0 || _count == CountMax) return index;
        _dialogs[_count] = new EarlyDialog { TagHash = _hash.Hash(tag), CSeq = inviteCSeq };
        return _count++;
    }

    public void Reset(BufferPool buffers)
    {
        for (var i = 0; i < _count; i++) _dialogs[i].Answer.Release(buffers);
        Array.Clear(_dialogs, 0, _count);
        _count = 0;
    }
}
