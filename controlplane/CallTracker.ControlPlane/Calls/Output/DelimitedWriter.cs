using System.Text;

namespace CallTracker.ControlPlane.Calls.Output;

/// <summary>
/// Writes calls as CSV (RFC 4180) or TSV, streamed; lines end in CRLF. Lives for one answer.
/// </summary>
internal sealed class DelimitedWriter(Stream stream, bool isCsv, CallOutputOptions output, CallerNumbers numbers)
    : IAsyncDisposable
{
    private const int BufferLength = 16 * 1024;
    private readonly StreamWriter _writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        BufferLength, leaveOpen: true);
    private readonly StringBuilder _line = new();

    public Task WriteHeaderAsync()
    {
        if (output.HasBom) _line.Append('\uFEFF');
        return WriteLineAsync(output.Columns.Select(HeaderOf));
    }

    public Task WriteAsync(CallRow row) =>
        WriteLineAsync(output.Columns.Select(column => CellText.Of(column, row, output, numbers)));

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private string HeaderOf(CallColumn column)
    {
        if (!output.HasLabelHeaders) return column.Key;
        return output.Language == Language.English ? column.English : column.Japanese;
    }

    private Task WriteLineAsync(IEnumerable<string> cells)
    {
        var isFirst = true;
        foreach (var cell in cells)
        {
            if (!isFirst) _line.Append(isCsv ? ',' : '\t');
            isFirst = false;
            if (isCsv) AppendCsv(cell);
            else AppendTsv(cell);
        }
        _line.Append("\r\n");
        var text = _line.ToString();
        _line.Clear();
        return _writer.WriteAsync(text);
    }

    // escaped = DQUOTE *(TEXTDATA / COMMA / CR / LF / 2DQUOTE) DQUOTE   (RFC 4180 section 2)
    private void AppendCsv(string cell)
    {
        if (cell.AsSpan().IndexOfAny(",\"\r\n") < 0) _line.Append(cell);
        else _line.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    // text/tab-separated-values knows no quoting: tabs and line ends inside a cell become blanks.
    private void AppendTsv(string cell)
    {
        foreach (var c in cell) _line.Append(c is '\t' or '\r' or '\n' ? ' ' : c);
    }
}
