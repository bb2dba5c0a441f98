using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace CallTracker.Media.Srtp;

/// <summary>
/// The sources that were heard under one key in one direction. None is ever forgotten, because a source that comes back
/// would begin at index 0 again: a sender would use its key stream twice, a receiver would take old packets as new.
/// What comes beyond the last place is refused; a new key empties the table.
/// </summary>
internal struct SrtpSourceTable
{
    /// <summary>Sources under one key: a call has one or two, and one more with each transfer at the peer.</summary>
    public const int CountMax = 16;
    private SourceArray _sources;
    private int _count;
    private int _latest;

    public readonly int Count => _count;

    /// <summary>The place of a source; -1 when it is new. Nearly always that of the packet before.</summary>
    public int Find(uint ssrc)
    {
        if (_count > 0 && _sources[_latest].Ssrc == ssrc) return _latest;
        for (var i = 0; i < _count; i++)
        {
            if (_sources[i].Ssrc != ssrc) continue;
            _latest = i;
            return i;
        }
        return -1;
    }

    /// <summary>The place for a new source; only while <see cref="Count"/> is below <see cref="CountMax"/>.</summary>
    public int Add(uint ssrc)
    {
        _sources[_count] = new SrtpSource { Ssrc = ssrc };
        _latest = _count;
        return _count++;
    }

    [UnscopedRef]
    public ref SrtpSource At(int place) => ref _sources[place];

    public void Clear() => this = default;

    [InlineArray(CountMax)]
    private struct SourceArray
    {
        private SrtpSource _first;
    }
}
