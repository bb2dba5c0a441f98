using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>Splits a JSONEachRow answer into lines and reads each. Owned by one query.</summary>
internal sealed class JsonLineReader : IDisposable
{
    private readonly StreamReader _reader;

    public JsonLineReader(Stream body) => _reader = new StreamReader(body, Encoding.UTF8);

    /// <summary>The next row's text; null at the end. Text that is no row is the server's exception.</summary>
    public async ValueTask<string?> NextAsync(CancellationToken ct)
    {
        while (await _reader.ReadLineAsync(ct) is { } line)
        {
            if (line.Length == 0) continue;
            // A row cut short by an exception has no end; what follows it says why.
            if (line[0] == '{' && line[^1] == '}') return line;
            throw await ReadExceptionAsync(line, ct);
        }
        return null;
    }

    public static T Parse<T>(string line, JsonTypeInfo<T> type)
    {
        try
        {
            var row = JsonSerializer.Deserialize(line, type);
            return row ?? throw new ClickHouseException(0, "ClickHouse sent an empty row", isTransient: false);
        }
        catch (JsonException e)
        {
            // The line itself stays out of the message: rows hold personal data.
            throw new ClickHouseException(
                0, "ClickHouse sent a row that does not fit: " + e.Path, isTransient: false, e);
        }
    }

    public void Dispose() => _reader.Dispose();

    private async Task<ClickHouseException> ReadExceptionAsync(string line, CancellationToken ct)
    {
        var text = new char[ClickHouseErrors.TextLengthMax];
        var length = await _reader.ReadBlockAsync(text, ct);
        var rest = new string(text, 0, length);
        var start = line.IndexOf("Code: ", StringComparison.Ordinal);
        return ClickHouseErrors.FromText(start >= 0 ? line[start..] + rest : "The answer broke off. " + rest);
    }
}
