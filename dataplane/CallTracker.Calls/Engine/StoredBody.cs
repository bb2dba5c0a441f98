using CallTracker.Core.Memory;

namespace CallTracker.Calls.Engine;

/// <summary>A body kept for later use in a pooled buffer (the offer, sent to one destination after another).</summary>
internal struct StoredBody
{
    private byte[]? _buffer;
    private int _length;

    public readonly ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Keeps a copy; false when no buffer is left.</summary>
    public bool TryKeep(BufferPool pool, ReadOnlySpan<byte> body)
    {
        _buffer = pool.TryRent(body.Length);
        if (_buffer is null) return false;
        body.CopyTo(_buffer);
        _length = body.Length;
        return true;
    }

    public void Release(BufferPool pool)
    {
        if (_buffer is not null) pool.Return(_buffer);
        _buffer = null;
        _length = 0;
    }
}
