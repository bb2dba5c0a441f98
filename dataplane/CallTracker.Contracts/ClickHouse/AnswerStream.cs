using System.Text;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// The body of an answer that began with 200. A failure behind the first rows shows as a marker in the body (named by
/// the header X-ClickHouse-Exception-Tag) or as a broken connection: reading throws <see cref="ClickHouseException"/>
/// for both, and the reader never takes the marker for data. Owned by one reader.
/// </summary>
internal sealed class AnswerStream : Stream
{
    private const int BufferLength = 32 * 1024;
    private readonly HttpResponseMessage _answer;
    private readonly Stream _body;
    private readonly byte[]? _marker;
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    public AnswerStream(HttpResponseMessage answer, Stream body)
    {
        _answer = answer;
        _body = body;
        if (!answer.Headers.TryGetValues("X-ClickHouse-Exception-Tag", out var tags)) return;
        _marker = Encoding.ASCII.GetBytes("__exception__\r\n" + tags.First());
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            if (_marker is null) return await _body.ReadAsync(buffer, cancellationToken);
            var ready = await FillAsync(cancellationToken);
            var length = Math.Min(ready, buffer.Length);
            _buffer.AsMemory(_start, length).CopyTo(buffer);
            _start += length;
            return length;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ClickHouseErrors.FromNetwork(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body.Dispose();
            _answer.Dispose();
        }
        base.Dispose(disposing);
    }

    // Bytes that may be handed out: all but the last few, which could be the beginning of the marker.
    private async ValueTask<int> FillAsync(CancellationToken ct)
    {
        while (true)
        {
            var held = _buffer.AsMemory(_start, _end - _start);
            if (held.Span.IndexOf(_marker) is >= 0 and var at) throw await ReadExceptionAsync(at, ct);
            if (_isAtEnd) return held.Length;
            var ready = held.Length - (_marker!.Length + 1);
            if (ready > 0) return ready;
            held.CopyTo(_buffer);
            (_start, _end) = (0, held.Length);
            var read = await _body.ReadAsync(_buffer.AsMemory(_end), ct);
            _isAtEnd = read == 0;
            _end += read;
        }
    }

    private async ValueTask<ClickHouseException> ReadExceptionAsync(int at, CancellationToken ct)
    {
        var text = new byte[ClickHouseErrors.TextLengthMax];
        var held = Math.Min(_end - _start - at, text.Length);
        _buffer.AsSpan(_start + at, held).CopyTo(text);
        var more = await _body.ReadAtLeastAsync(text.AsMemory(held), text.Length - held, throwOnEndOfStream: false, ct);
        return ClickHouseErrors.FromText(Encoding.UTF8.GetString(text, 0, held + more));
    }
}
