using System.Text;
using CallTracker.ClickHouseEmbedded.Engine;
using CallTracker.ClickHouseEmbedded.Sql;

namespace CallTracker.ClickHouseEmbedded.Http;

/// <summary>
/// The statement of a request: its URL's query, a line end, its body, as one text. Of an INSERT with rows only the head
/// is read here; the rows are what is left of the head and of the body. Belongs to one request.
/// </summary>
internal sealed class QueryText(Stream body)
{
    private const int PieceBytesMin = 16 * 1024;
    private byte[] _buffer = [];
    private int _length;
    private bool _isWhole;

    public Stream Body => body;

    public StatementShape Shape { get; private set; }

    public Statement Statement => new(_buffer.AsMemory(0, _length), Shape);

    /// <summary>Rows of the INSERT that came with its head.</summary>
    public ReadOnlyMemory<byte> FirstRows => _buffer.AsMemory(Shape.RowsAt, _length - Shape.RowsAt);

    public bool IsEmpty => _buffer.AsSpan(0, _length).TrimEnd("\n"u8).IsEmpty;

    /// <summary>
    /// Short INSERT … VALUES run as a text, because their rows may hold {name:Type} parameters, which streamed rows
    /// cannot.
    /// </summary>
    public bool StreamsRows => Shape.Kind == StatementKind.InsertRows && !(_isWhole && IsValues);

    private bool IsValues => string.Equals(Shape.Format, "Values", StringComparison.Ordinal);

    /// <summary>False when the text is longer than its limit.</summary>
    public async Task<bool> TryReadAsync(string urlText, CancellationToken cancellation)
    {
        if (urlText.Length > 0)
        {
            _buffer = Encoding.UTF8.GetBytes(urlText + "\n");
            _length = _buffer.Length;
            Shape = StatementShape.Read(_buffer);
        }

        if (Shape.Kind != StatementKind.InsertRows || IsValues)
        {
            await FillAsync(ServerLimits.InsertHeadBytesMax, cancellation);
            Shape = StatementShape.Read(_buffer.AsSpan(0, _length));
        }

        if (_isWhole || Shape.Kind == StatementKind.InsertRows)
            return true;
        await FillAsync(ServerLimits.QueryTextBytesMax + 1, cancellation);
        Shape = StatementShape.Read(_buffer.AsSpan(0, _length));
        return _length <= ServerLimits.QueryTextBytesMax && Shape.Kind != StatementKind.InsertRows;
    }

    private async Task FillAsync(int lengthMax, CancellationToken cancellation)
    {
        while (!_isWhole && _length < lengthMax)
        {
            if (_buffer.Length - _length < PieceBytesMin)
                Array.Resize(ref _buffer, Math.Max(_length + PieceBytesMin, _buffer.Length * 2));
            var room = Math.Min(_buffer.Length, lengthMax) - _length;
            var count = await body.ReadAsync(_buffer.AsMemory(_length, room), cancellation);
            _length += count;
            _isWhole = count == 0;
        }
    }
}
