using CallTracker.Core.Memory;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Engine;

/// <summary>
/// A copy of a request that will be answered later, in a pooled buffer. Owned by a leg; empty between uses.
/// </summary>
internal struct StoredRequest
{
    private byte[]? _buffer;
    private int _length;
    // Number of the buffer's loan: buffers come again, loans do not.
    private long _mark;

    public readonly bool IsEmpty => _buffer is null;

    /// <summary>Where the request came from; its response goes there (RFC 3581).</summary>
    public IpEndpoint Source { get; private set; }

    /// <summary>Keeps a copy; false when no buffer is left.</summary>
    public bool TryKeep(BufferPool pool, SipMessage request, in IpEndpoint source)
    {
        var bytes = request.Bytes;
        _buffer = pool.TryRent(bytes.Length);
        if (_buffer is null) return false;
        bytes.CopyTo(_buffer);
        _length = bytes.Length;
        _mark = pool.Loans;
        Source = source;
        return true;
    }

    /// <summary>
    /// Parses the copy into <paramref name="view"/>; it parsed once, so it does again. A view that shows it already
    /// is left as it is: within a turn a request is often looked at more than once.
    /// </summary>
    public readonly void Open(SipMessage view)
    {
        if (view.Mark == _mark) return;
        view.Parse(_buffer!, 0, _length);
        view.Mark = _mark;
    }

    public void Release(BufferPool pool)
    {
        if (_buffer is not null) pool.Return(_buffer);
        _buffer = null;
        _length = 0;
    }
}
